package gannet.gan;

import gannet.gan.loss.Auxiliary;
import gannet.gan.loss.GanLoss;
import gannet.gan.penalty.Penalty;
import gannet.nn.Conditional;
import gannet.nn.Layer;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// What the two players minimise: a loss pair, penalties on D, a task for D's further outputs (null: it has none), and how D sees samples: `pack` of them
/// side by side (Lin et al. 2018), through `view` (noise, augmentation: on real and fake, in both turns). Says nothing of who moves when.
public record Objective(GanLoss loss, List<Penalty> penalties, Auxiliary auxiliary, int pack, Layer view) {
    private static final Layer PLAIN = x -> x;

    public Objective {
        penalties = List.copyOf(penalties);
        if (pack < 1) throw new IllegalArgumentException("packing " + pack + " samples: it must be at least 1");
    }

    /// The loss alone.
    public static Objective of(GanLoss loss) {
        return new Objective(loss, List.of(), null, 1, PLAIN);
    }

    /// With one more penalty.
    public Objective with(Penalty penalty) {
        List<Penalty> all = new ArrayList<>(penalties);
        all.add(penalty);
        return new Objective(loss, all, auxiliary, pack, view);
    }

    /// With a task for D's outputs beyond the first.
    public Objective with(Auxiliary task) {
        return new Objective(loss, penalties, task, pack, view);
    }

    /// With D seeing `m` samples at a time, joined along the last axis: `[n·m,…,c]` as `[n,…,m·c]`.
    public Objective packed(int m) {
        return new Objective(loss, penalties, auxiliary, m, view);
    }

    /// With D seeing every sample through one more layer, after those that are there.
    public Objective seenThrough(Layer next) {
        Layer before = view;
        return new Objective(loss, penalties, auxiliary, pack, before == PLAIN ? next : x -> next.apply(before.apply(x)));
    }

    /// The same for D at other weights, in its own order: what penalties on weights read.
    public Objective at(List<Tensor> weights) {
        return new Objective(loss, penalties.stream().map(penalty -> penalty.at(weights)).toList(), auxiliary, pack, view);
    }

    /// What D minimises on a real and a fake batch.
    public Judgement discriminator(Conditional d, Batch real, Batch fake) {
        Tensor x = packed(real.x()), xFake = packed(fake.x());
        Layer atReal = seen(d, real), atFake = seen(d, fake);
        Tensor onReal = atReal.apply(x), onFake = atFake.apply(xFake);
        Tensor sReal = logit(onReal), sFake = logit(onFake);
        Tensor loss = this.loss.discriminator(sReal, sFake);
        for (Penalty penalty : penalties) loss = loss.plus(penalty.of(y -> logit(atReal.apply(y)), x, xFake, sReal, sFake));
        if (auxiliary != null) loss = loss.plus(auxiliary.discriminator(onReal, real.condition(), onFake, fake.condition()));
        return new Judgement(loss, sReal, sFake);
    }

    /// The loss alone and D's logits, for a look that trains nothing.
    Judgement look(Conditional d, Batch real, Batch fake) {
        Tensor sReal = logit(seen(d, real).apply(packed(real.x()))), sFake = logit(seen(d, fake).apply(packed(fake.x())));
        return new Judgement(loss.discriminator(sReal, sFake), sReal, sFake);
    }

    /// What G minimises on a fake batch; relativistic losses compare it with a real one.
    public Tensor generator(Conditional d, Batch fake, Supplier<Batch> real) {
        Tensor onFake = seen(d, fake).apply(packed(fake.x()));
        Tensor g = loss.generator(() -> {
            Batch batch = real.get();
            return logit(seen(d, batch).apply(packed(batch.x())));
        }, logit(onFake));
        return auxiliary == null ? g : g.plus(auxiliary.generator(onFake, fake.condition()));
    }

    private Layer seen(Conditional d, Batch batch) {
        Layer layer = d.given(batch.condition());
        return view == PLAIN ? layer : x -> layer.apply(packed(view.apply(unpacked(x))));
    }

    private Tensor logit(Tensor output) {
        return auxiliary == null ? output : output.slice(1, 0, 1);
    }

    /// `x[n·m,…,c]` → `[n,…,m·c]`: row i holds samples i·m … i·m + m − 1.
    private Tensor packed(Tensor x) {
        if (pack == 1) return x;
        Shape s = x.shape();
        if (s.size(0) % pack != 0) throw new IllegalArgumentException("packing " + pack + " samples: a batch " + s + " doesn't divide into packs");
        int n = s.size(0) / pack, c = s.size(-1), between = s.count() / s.size(0) / c;
        int[] sizes = new int[s.rank()];
        for (int i = 0; i < sizes.length; i++) sizes[i] = s.size(i);
        sizes[0] = n;
        sizes[sizes.length - 1] = pack * c;
        return x.reshape(n, pack, between, c).permute(0, 2, 1, 3).reshape(sizes);
    }

    /// What [#packed] was given: the view is of single samples.
    private Tensor unpacked(Tensor x) {
        if (pack == 1) return x;
        Shape s = x.shape();
        int n = s.size(0), c = s.size(-1) / pack, between = s.count() / n / s.size(-1);
        int[] sizes = s.sizes();
        sizes[0] = n * pack;
        sizes[sizes.length - 1] = c;
        return x.reshape(n, between, pack, c).permute(0, 2, 1, 3).reshape(sizes);
    }
}
