package gannet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DcganFromScratchTest {
    @Test void goesFromDataToPng(@TempDir Path folder) throws Exception {
        Path grid = folder.resolve("grid.png");
        DcganFromScratch.main(new String[] {Cli.data(folder.resolve("data"), 80).toString(), "1", grid.toString()});
        assertEquals(462, ImageIO.read(grid.toFile()).getHeight());
    }

    /// What a user writes for a DCGAN stays on one screen.
    @Test void isShort() throws IOException {
        Path source = Path.of("src", "main", "java", "gannet", "examples", "DcganFromScratch.java");
        assertTrue(Files.readAllLines(source).size() <= 40);
    }
}
