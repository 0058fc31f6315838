package gannet.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.tensor.Shape;
import gannet.tensor.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    @TempDir Path folder;

    /// A state in an array.
    private record Memory(String name, Shape shape, boolean wide, double[] values) implements State {
        static Memory of(String name, boolean wide, double... values) {
            return new Memory(name, Shape.of(values.length), wide, values);
        }

        @Override public void read(double[] to) {
            System.arraycopy(values, 0, to, 0, values.length);
        }

        @Override public void write(double[] from) {
            assertEquals(values.length, from.length, name);
            System.arraycopy(from, 0, values, 0, values.length);
        }
    }

    private Path saved(State... states) throws IOException {
        Path file = folder.resolve("states.safetensors");
        Checkpoint.save(file, List.of(states), Map.of("step", "3", "recipe", "mlp"));
        return file;
    }

    @Test void givesBackEveryBit() throws IOException {
        Path file = saved(Memory.of("weight", false, 0.1f, -0f, Float.MIN_VALUE, Float.NaN), Memory.of("count", true, 0x1p53 - 1, 0.1));
        Memory weight = Memory.of("weight", false, new double[4]), count = Memory.of("count", true, new double[2]);
        Checkpoint.load(file, List.of(count, weight));
        assertArrayEquals(new double[] {0.1f, -0.0, Float.MIN_VALUE, Double.NaN}, weight.values);
        assertEquals(1 / -0.0, 1 / weight.values[1], "the sign of zero");
        assertArrayEquals(new double[] {0x1p53 - 1, 0.1}, count.values);
        assertEquals(Map.of("recipe", "mlp", "step", "3"), Checkpoint.metadata(file));
    }

    @Test void sameStatesGiveTheSameBytesInAnyOrder() throws IOException {
        Memory a = Memory.of("a", false, 1, 2), b = Memory.of("b", true, 3);
        byte[] first = Files.readAllBytes(saved(a, b));
        assertArrayEquals(first, Files.readAllBytes(saved(b, a)));
    }

    @Test void loadsAllOrNothing() throws IOException {
        Path file = saved(Memory.of("a", false, 1, 2), Memory.of("b", false, 3));
        Memory a = Memory.of("a", false, 0, 0);
        refuses("holds 'b'", file, a);
        refuses("has no tensor 'c'", file, a, Memory.of("b", false, 0), Memory.of("c", false, 0));
        refuses("tensor 'b' is [1], expected [2]", file, a, Memory.of("b", false, 0, 0));
        refuses("tensor 'b' is F32, expected F64", file, a, Memory.of("b", true, 0));
        assertArrayEquals(new double[2], a.values, "nothing was set");
        Checkpoint.loadPart(file, List.of(a));
        assertArrayEquals(new double[] {1, 2}, a.values);
    }

    @Test void namesTheTensorThatIsRefused() throws IOException {
        Path file = saved(Memory.of("a", false, 1));
        State strict = new State() {
            @Override public String name() {
                return "a";
            }

            @Override public Shape shape() {
                return Shape.of(1);
            }

            @Override public void read(double[] to) {
                to[0] = 0;
            }

            @Override public void write(double[] from) {
                throw new IllegalArgumentException(from[0] + " is no position");
            }

            @Override public boolean wide() {
                return false;
            }
        };
        refuses("tensor 'a' holds what can't be: 1.0 is no position", file, strict);
    }

    private static void refuses(String part, Path file, State... states) {
        String message = assertThrows(FormatException.class, () -> Checkpoint.load(file, List.of(states))).getMessage();
        assertTrue(message.contains(part), message);
    }
}
