package gannet.io;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Replaces a file as a whole or not at all: the content goes to a temporary file in the same folder, is forced to the disk, and is
/// then renamed over the old file in one step; last the folder, which holds the new name, is forced too. A full disk, an
/// exception or a killed process leaves the old file as it was; once [#write] has returned, a power cut leaves the new one.
///
/// The temporary file is named after the process and thread that write it, so that two writers never share one; what a killed process
/// left behind is removed by the next write of the same file.
public final class AtomicFile {
    private static final String SUFFIX = ".tmp";

    private AtomicFile() {}

    /// Writes a file's bytes, from the first to the last.
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /// Replaces `file` by `bytes`.
    public static void write(Path file, byte[] bytes) throws IOException {
        write(file, out -> out.write(bytes));
    }

    /// Replaces `file` by `content`. The stream is not buffered: write in large pieces.
    public static void write(Path file, Content content) throws IOException {
        try {
            // A link stays a link, and a device such as /dev/null is not renamed away.
            Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
            if (Files.exists(target) && !Files.isRegularFile(target)) throw new IOException("it exists and is not a regular file");
            Path folder = target.getParent();
            if (!Files.isDirectory(folder)) throw new IOException("there is no folder " + folder);
            removeLeftovers(target);
            replace(target, content);
            forceFolder(folder);
        } catch (IOException e) {
            throw new IOException("cannot write " + file + ": " + FormatException.reason(e), e);
        }
    }

    private static void replace(Path target, Content content) throws IOException {
        Path temporary = target.resolveSibling(prefix(target) + ProcessHandle.current().pid() + "-" + Thread.currentThread().threadId()
                + SUFFIX);
        // Not a FileChannel: an interrupt, which is how training is asked to stop, would close it in the middle of the last save.
        FileOutputStream opened = open(temporary);
        boolean renamed = false;
        try {
            try (var out = opened) {
                content.writeTo(out);
                out.getFD().sync();
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            renamed = true;
        } finally {
            if (!renamed) Files.deleteIfExists(temporary);
        }
    }

    /// What stops it is said of the folder: the temporary name means nothing to the user.
    private static FileOutputStream open(Path temporary) throws IOException {
        try {
            return new FileOutputStream(temporary.toFile());
        } catch (FileNotFoundException e) {
            Path folder = temporary.getParent();
            String reason = Files.isWritable(folder) ? e.getMessage().replaceFirst("(?s)^.* \\((.*)\\)$", "$1") : "permission denied";
            throw new IOException(reason + " in folder " + folder, e);
        }
    }

    /// Only files of processes that no longer run: another one's file may be half way.
    private static void removeLeftovers(Path target) throws IOException {
        String prefix = prefix(target);
        try (var siblings = Files.newDirectoryStream(target.getParent(), p -> p.getFileName().toString().startsWith(prefix))) {
            for (Path sibling : siblings) {
                String name = sibling.getFileName().toString(), rest = name.substring(prefix.length());
                if (!rest.matches("[0-9]{1,18}-[0-9]+\\.tmp")) continue;
                long pid = Long.parseLong(rest.substring(0, rest.indexOf('-')));
                if (ProcessHandle.of(pid).isEmpty()) Files.deleteIfExists(sibling);
            }
        }
    }

    private static String prefix(Path target) {
        return "." + target.getFileName() + ".";
    }

    /// Windows neither allows nor needs this.
    private static void forceFolder(Path folder) throws IOException {
        if (File.separatorChar == '\\') return;
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                    channel.force(true);
                    return;
                } catch (ClosedByInterruptException _) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }
}
