package gannet.kernel.simd;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;

/// Loads a loop class once more for each function that it is to run.
///
/// A loop that calls its function through an interface is fast only as long as the program uses one function: with three, the JIT gives
/// up inlining, and each vector becomes an object. Writing the loop out for each function is fast and long. So each loop is written once,
/// as a class that finds its function in a static final field, and is loaded as a hidden class for each function, with that function as
/// class data: to the JIT it is a constant, of a known class, and each copy of the loop has a profile of its own.
final class Template {
    private Template() {}

    /// A fresh copy of `loop`, a class of this package with a constructor without arguments, whose class data is `function`.
    static <T> T of(Class<? extends T> loop, Class<T> type, Object function) {
        String file = loop.getSimpleName() + ".class";
        try (InputStream in = loop.getResourceAsStream(file)) {
            if (in == null) throw new IllegalStateException(file + " is not beside the classes of the simd kernels; rebuild the module");
            Class<?> copy = MethodHandles.lookup().defineHiddenClassWithClassData(in.readAllBytes(), function, true).lookupClass();
            return type.cast(copy.getDeclaredConstructor().newInstance());
        } catch (IOException e) {
            throw new UncheckedIOException(file + " could not be read", e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(file + " could not be loaded as a template", e);
        }
    }

    /// The function of the copy that `lookup` belongs to.
    static <T> T function(MethodHandles.Lookup lookup, Class<T> type) {
        try {
            return MethodHandles.classData(lookup, "_", type);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
