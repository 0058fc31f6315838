package gannet.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Opens files to read. The JDK's message for a missing file is its name and nothing else; here it says what is wrong.
public final class InputFile {
    private InputFile() {}

    /// The bytes of `file`; a [FormatException] if there is no such file, or it is a folder or must not be read.
    public static InputStream open(Path file) throws IOException {
        if (Files.isDirectory(file)) throw new FormatException(file.toString(), "is a folder, expected a file");
        try {
            return Files.newInputStream(file);
        } catch (FileSystemException e) {
            throw new FormatException(file.toString(), FormatException.reason(e), e);
        }
    }
}
