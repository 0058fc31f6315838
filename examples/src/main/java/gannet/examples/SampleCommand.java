package gannet.examples;

import gannet.examples.Options.Given;
import gannet.io.FormatException;
import gannet.io.ImageGrid;
import gannet.io.Json;
import gannet.io.Npy;
import gannet.kernel.BackEnds;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;

/// `gannet sample`: images from a run's generator, as a grid to look at or as numbers.
final class SampleCommand {
    private static final int SMALL_GRID = 64, MOST = 1_000_000, MOST_DRAWN = 10_000;

    private static final Options OPTIONS = new Options("sample RUN [options]",
            "Draws images from a trained run: a grid (.png), or floats [n,h,w,c] in −1…1 (.npy).", List.of(
            Options.whole("count", "N", 64L, "images"),
            Options.whole("seed", "N", null, "of z (the run's: the images of its own grids come first)"),
            Options.text("out", "FILE", null, ".png or .npy (RUN/sample-COUNT-seed-SEED.png)"),
            Options.text("weights", "NAME", "last", "last; this version saves no others"),
            Options.whole("class", "K", null, "for runs with classes, of which this version has none"),
            Options.text("device", "NAME", null, "auto, scalar, simd or cuda (system property gannet.device, else auto)"),
            Options.whole("threads", "N", null, "worker threads (all processors)"),
            Options.flag("json", "print the result as JSON")));

    private SampleCommand() {}

    static int run(List<String> arguments, PrintStream out, PrintStream err) throws IOException {
        Given given = OPTIONS.parse(arguments);
        if (given.help()) {
            out.print(OPTIONS.usage());
            return 0;
        }
        if (given.words().size() != 1 || given.words().getFirst().isEmpty())
            throw new UsageException("sample needs one run folder: sample RUN, such as runs/001-dcgan-fashion-mnist");
        var run = new RunFolder(Path.of(given.words().getFirst()));
        refuseAbsent(given, run);
        long count = given.whole("count");
        if (count < 1 || count > MOST) throw new UsageException("--count " + count + ": expected 1 to " + Text.grouped(MOST));
        requireDrawable(given, count);
        if (!Files.exists(run.generator())) throw new FormatException(run.path().toString(),
                "not a run folder, or nothing was saved yet: expected a folder that 'gannet train' made, with " + run.generator().getFileName());
        BackEnds.Choice device = device(given);
        err.println(device.line());
        var saved = Experiment.Saved.load(run.generator(), device.kernels());
        long seed = given.has("seed") ? given.whole("seed") : saved.seed();
        Path file = given.has("out") ? Path.of(given.text("out")) : run.path().resolve("sample-" + count + "-seed-" + seed + ".png");
        requireKind(file);
        float[] images = new Sampler(saved.recipe(), saved.generator()).draw((int) count, seed);
        write(file, (int) count, images);
        tell(given.flag("json"), out, file, count, seed, saved.step());
        return 0;
    }

    private static BackEnds.Choice device(Given given) {
        if (given.has("threads") && (given.whole("threads") < 1 || given.whole("threads") > 1024))
            throw new UsageException("--threads " + given.whole("threads") + ": expected 1 to 1024");
        String name = given.has("device") ? given.text("device") : BackEnds.device();
        return TrainCommand.device(name, given.has("threads") ? (int) given.whole("threads") : Runtime.getRuntime().availableProcessors());
    }

    /// Other weights and classes are options of runs that have them.
    private static void refuseAbsent(Given given, RunFolder run) {
        String weights = given.text("weights");
        if (!List.of("last", "best", "ema").contains(weights)) throw new UsageException("there are no weights '" + weights + "'; did you mean "
                + Options.nearest(weights, List.of("last", "best", "ema")) + "?");
        if (!weights.equals("last")) throw new UsageException("--weights " + weights + ": run " + run.path() + " has none; it has: last");
        if (given.has("class"))
            throw new UsageException("--class " + given.whole("class") + ": run " + run.path()
                    + " was trained without classes; leave the option out");
    }

    private static void requireDrawable(Given given, long count) {
        boolean numbers = given.has("out") && given.text("out").endsWith(".npy");
        if (!numbers && count > MOST_DRAWN) throw new UsageException("--count " + count + ": a PNG takes at most " + Text.grouped(MOST_DRAWN)
                + " images; for more, as numbers: --out FILE.npy");
    }

    private static void requireKind(Path file) throws IOException {
        String name = file.toString();
        if (!name.endsWith(".png") && !name.endsWith(".npy"))
            throw new UsageException("--out " + name + ": expected a name that ends in .png or .npy");
        Path folder = file.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder)) throw new IOException("cannot write " + file + ": there is no folder " + folder);
    }

    private static void write(Path file, int count, float[] images) throws IOException {
        if (file.toString().endsWith(".npy")) {
            new Npy(new int[] {count, Recipe.HEIGHT, Recipe.WIDTH, Recipe.CHANNELS}, images).write(file);
            return;
        }
        int columns = count <= SMALL_GRID ? ImageGrid.DEFAULT.columns() : (int) Math.ceil(Math.sqrt(count));
        new ImageGrid(columns, ImageGrid.DEFAULT.gap(), ImageGrid.DEFAULT.scale()).write(file, count, Recipe.HEIGHT, Recipe.WIDTH,
                Recipe.CHANNELS, images);
    }

    private static void tell(boolean json, PrintStream out, Path file, long count, long seed, long step) {
        if (!json) {
            out.println(Text.counted(count, "image") + " of step " + Text.grouped(step) + ": " + file);
            return;
        }
        var result = new LinkedHashMap<String, Object>();
        result.put("file", file.toString());
        result.put("count", count);
        result.put("seed", seed);
        result.put("step", step);
        out.println(Json.line(result));
    }
}
