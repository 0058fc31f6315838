package gannet.io;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/// A file that can't be used as it is: missing, truncated, or not what its format says. The message is one line: the file, what is
/// wrong, where, and what was expected. An [IOException] that is not one of these comes from the device, not from the contents.
public final class FormatException extends IOException {
    private static final long serialVersionUID = 1;

    /// `file` as the user knows it, and what is wrong with it.
    public FormatException(String file, String problem) {
        super(line(file + ": " + problem));
    }

    /// As above, for a problem that another exception found.
    public FormatException(String file, String problem, Throwable cause) {
        super(line(file + ": " + problem), cause);
    }

    /// Names that come out of a bad file may hold anything; the message stays one line.
    private static String line(String message) {
        return message.replaceAll("\\p{Cntrl}", "\uFFFD");
    }

    /// What went wrong, in words, without the file's name.
    static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "no such file or folder";
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException f when f.getReason() != null -> f.getReason();
            case IOException other -> other.getMessage() == null ? other.getClass().getSimpleName() : other.getMessage();
        };
    }
}
