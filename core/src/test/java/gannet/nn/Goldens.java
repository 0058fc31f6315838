package gannet.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.io.Safetensors;
import gannet.kernel.Kernels;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Values that PyTorch computed in 64-bit floats, in Gannet's layouts, as the scripts of `src/test/python` stored them.
public final class Goldens {
    private record Golden(Shape shape, double[] values) {}

    private final String file;
    private final Map<String, Golden> goldens = new LinkedHashMap<>();

    private Goldens(String file) {
        this.file = file;
    }

    /// The goldens of one script: `optimisers`, `layers`, `conditioning`, `losses`, `objectives` or `dcgan-step`.
    public static Goldens of(String file) throws IOException {
        var all = new Goldens(file);
        Path copy = Files.createTempFile("gannet-golden", ".safetensors");
        try (var in = Goldens.class.getResourceAsStream("/gannet/goldens/" + file + ".safetensors")) {
            assertTrue(in != null, "no goldens '" + file + "' among the test resources; src/test/python makes them");
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            try (var tensors = Safetensors.open(copy)) {
                for (var entry : tensors.entries().values())
                    all.goldens.put(entry.name(), new Golden(Shape.of(entry.shape()), tensors.doubles(entry.name())));
            }
        } finally {
            Files.delete(copy);
        }
        return all;
    }

    /// The names that start with `prefix`, without it.
    public List<String> names(String prefix) {
        return goldens.keySet().stream().filter(n -> n.startsWith(prefix)).map(n -> n.substring(prefix.length())).toList();
    }

    public double[] values(String name) {
        return golden(name).values;
    }

    /// The values as a tensor outside of any workspace.
    public Tensor tensor(Kernels kernels, String name) {
        return Tensor.of(kernels, golden(name).shape, golden(name).values);
    }

    private Golden golden(String name) {
        Golden golden = goldens.get(name);
        assertTrue(golden != null, "no golden '" + name + "' in " + file + "; there are " + goldens.keySet());
        return golden;
    }

    /// Fails if a shape differs, or any element by more than `tolerance` times the golden's largest.
    public void check(String name, Tensor actual, double tolerance) {
        assertEquals(golden(name).shape, actual.shape(), name);
        check(name, actual.toArray(), tolerance);
    }

    /// Fails if an element differs by more than `tolerance` times the golden's largest.
    public void check(String name, double[] actual, double tolerance) {
        double error = error(name, actual);
        assertTrue(error <= tolerance, () -> file + ", " + name + ": differs from PyTorch's by " + error + " of the largest element, more than " + tolerance);
    }

    /// The greatest difference, relative to the golden's largest element; NaN if any element is.
    public double error(String name, double[] actual) {
        double[] expected = golden(name).values;
        assertEquals(expected.length, actual.length, name);
        double difference = 0, largest = 0;
        for (int i = 0; i < expected.length; i++) {
            difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
            largest = Math.max(largest, Math.abs(expected[i]));
        }
        return difference == 0 ? 0 : difference / largest;
    }
}
