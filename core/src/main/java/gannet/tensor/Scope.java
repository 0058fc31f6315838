package gannet.tensor;

/// What surrounds the operations of one thread: whether they record, which workspace their results come from, whose layer they
/// belong to, and whether each is checked. The public ways in are [Tensor#unrecorded], [Workspace#open], [#within] and [#checked].
public final class Scope {
    private static final ThreadLocal<Scope> CURRENT = ThreadLocal.withInitial(Scope::new);

    boolean recording = true;
    boolean checking;
    Workspace workspace;
    String layer = "";

    private Scope() {}

    static Scope current() {
        return CURRENT.get();
    }

    /// Leaves what was entered.
    public interface Exit extends AutoCloseable {
        @Override void close();
    }

    /// Operations inside belong to the layer `name` of the layer around it: an error or a non-finite number is reported with its place.
    public static Exit within(String name) {
        var scope = current();
        String outer = scope.layer;
        scope.layer = outer.isEmpty() ? name : outer + "." + name;
        return () -> scope.layer = outer;
    }

    /// `discriminator.2: ` inside of a layer, else nothing: where an error message starts.
    public static String place() {
        String layer = current().layer;
        return layer.isEmpty() ? "" : layer + ": ";
    }

    /// Whether inside of [#checked].
    public static boolean checking() {
        return current().checking;
    }

    /// Each operation inside looks at its result and throws a [NonFiniteException] that names the first bad one. Slow: for finding out
    /// which operation spoiled a step that is being run a second time.
    public static Exit checked() {
        var scope = current();
        boolean outer = scope.checking;
        scope.checking = true;
        return () -> scope.checking = outer;
    }
}
