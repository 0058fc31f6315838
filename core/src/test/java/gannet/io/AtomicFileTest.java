package gannet.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir Path folder;

    private List<String> names() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    @Test void replacesTheWholeFile() throws IOException {
        Path file = folder.resolve("a");
        AtomicFile.write(file, new byte[1000]);
        AtomicFile.write(file, new byte[] {1, 2});
        assertArrayEquals(new byte[] {1, 2}, Files.readAllBytes(file));
        assertEquals(List.of("a"), names());
    }

    @Test void aFailureMidwayLeavesTheOldFile() throws IOException {
        Path file = folder.resolve("a");
        AtomicFile.write(file, new byte[] {1, 2});
        var full = assertThrows(IOException.class, () -> AtomicFile.write(file, out -> {
            out.write(new byte[100_000]);
            throw new IOException("No space left on device");
        }));
        assertEquals("cannot write " + file + ": No space left on device", full.getMessage());
        assertThrows(OutOfMemoryError.class, () -> AtomicFile.write(file, out -> {
            out.write(9);
            throw new OutOfMemoryError("not really");
        }));
        assertArrayEquals(new byte[] {1, 2}, Files.readAllBytes(file));
        assertEquals(List.of("a"), names(), "no temporary file stays");
    }

    @Test void saysWhyItCannotWrite() throws IOException {
        Path none = folder.resolve("none/a");
        assertEquals("cannot write " + none + ": there is no folder " + none.getParent(),
                assertThrows(IOException.class, () -> AtomicFile.write(none, new byte[1])).getMessage());
        assertEquals("cannot write " + folder + ": it exists and is not a regular file",
                assertThrows(IOException.class, () -> AtomicFile.write(folder, new byte[1])).getMessage());
    }

    @Test void saysNothingOfTheTemporaryFile() {
        Path file = folder.resolve("a".repeat(250)); // a name that is long enough for the temporary one to be too long
        String message = assertThrows(IOException.class, () -> AtomicFile.write(file, new byte[1])).getMessage();
        assertTrue(message.startsWith("cannot write " + file + ": ") && message.endsWith(" in folder " + folder), message);
        assertFalse(message.contains(".tmp") || message.contains("("), message);
    }

    @Test void anInterruptStopsNothing() throws IOException {
        Path file = folder.resolve("a");
        Thread.currentThread().interrupt();
        AtomicFile.write(file, out -> out.write(new byte[100_000]));
        assertTrue(Thread.interrupted(), "the interrupt is still there");
        assertEquals(100_000, Files.size(file));
    }

    @Test void removesOnlyWhatTheDeadLeft() throws Exception {
        Process dead = new ProcessBuilder(java(), "-version").redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        assertTrue(dead.waitFor(60, TimeUnit.SECONDS));
        Path left = Files.createFile(folder.resolve(".a." + dead.pid() + "-1.tmp"));
        Path others = Files.createFile(folder.resolve(".a." + ProcessHandle.current().pid() + "-999999.tmp"));
        Path mine = Files.createFile(folder.resolve(".a.notes.tmp"));
        AtomicFile.write(folder.resolve("a"), new byte[1]);
        assertFalse(Files.exists(left), "a dead process's file");
        assertTrue(Files.exists(others), "a live thread's file");
        assertTrue(Files.exists(mine), "somebody else's file");
    }

    @Test void aLinkStaysALink() throws IOException {
        Path file = Files.createFile(folder.resolve("real")), link = Files.createSymbolicLink(folder.resolve("link"), file);
        AtomicFile.write(link, new byte[] {5});
        assertTrue(Files.isSymbolicLink(link));
        assertArrayEquals(new byte[] {5}, Files.readAllBytes(file));
    }

    /// A process that saves without end is killed in the middle, several times: the file is always whole, and never older than the last
    /// save that was reported done.
    @Test void aKilledProcessLosesNothing() throws Exception {
        Path file = folder.resolve("a");
        var random = new SplittableRandom(3);
        for (int kill = 0; kill < 3; kill++) {
            Process process = new ProcessBuilder(java(), "-XX:TieredStopAtLevel=1", "-cp",
                    place(AtomicFile.class) + File.pathSeparator + place(Saver.class), Saver.class.getName(), file.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT).start();
            int reported = 0;
            try (var lines = process.inputReader()) {
                for (int i = 0, count = 1 + random.nextInt(3); i < count; i++) reported = Integer.parseInt(lines.readLine().replace(".", ""));
                Thread.sleep(random.nextInt(Saver.SLICES));
                // By its handle: Process.destroyForcibly would close the pipe with what was reported.
                process.toHandle().destroyForcibly();
                for (String line; (line = lines.readLine()) != null && line.endsWith("."); ) reported = Integer.parseInt(line.replace(".",
                        ""));
            }
            byte[] bytes = Files.readAllBytes(file);
            assertEquals(Saver.LENGTH, bytes.length, "seed 3, kill " + kill);
            for (byte b : bytes) assertEquals(bytes[0], b, "seed 3, kill " + kill + ": parts of two saves");
            assertTrue(bytes[0] >= reported, "seed 3, kill " + kill + ": save " + reported + " was reported, " + bytes[0] + " is there");
        }
    }

    /// Writes files of one value, 1, 2 … 127, so slowly that a kill falls midway, and reports each when it is done.
    static final class Saver {
        static final int LENGTH = 1 << 16, SLICES = 20;

        private Saver() {}

        public static void main(String[] arguments) throws IOException {
            for (int save = 1; save <= Byte.MAX_VALUE; save++) {
                var bytes = new byte[LENGTH];
                Arrays.fill(bytes, (byte) save);
                AtomicFile.write(Path.of(arguments[0]), out -> {
                    for (int slice = 0; slice < SLICES; slice++) {
                        int from = slice * LENGTH / SLICES;
                        out.write(bytes, from, (slice + 1) * LENGTH / SLICES - from);
                        LockSupport.parkNanos(1_000_000);
                    }
                });
                // The full stop tells a whole line from one that the kill cut.
                System.out.println(save + ".");
            }
        }
    }

    /// The folder that a class was loaded from, whatever runs the tests.
    private static Path place(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
