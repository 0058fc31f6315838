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
    private static final List<String> WEIGHTS = List.of("last", "best", "ema");

    private static final Options OPTIONS = new Options("sample RUN [options]",
            "Draws images from a trained run: a grid (.png), or floats [n,h,w,c] in −1…1 (.npy).", List.of(
            Options.whole("count", "N", null, "images (64; of a run with classes, if none is asked for, 8 of each)"),
            Options.whole("seed", "N", null, "of z (the run's: the images of its own grids come first)"),
            Options.text("out", "FILE", null, ".png or .npy (RUN/sample-COUNT-seed-SEED.png)"),
            Options.text("weights", "NAME", null, "last; best: the step nearest to held-out images; of a run with --ema their average, as in its grids: ema (ema if there is one)"),
            Options.text("class", "K", null, "of a run with classes the one to draw, by number or name (all, a row each)"),
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
        if (given.has("count")) requireDrawable(given, given.whole("count"));
        if (!Files.exists(run.generator())) throw new FormatException(run.path().toString(),
                "not a run folder, or nothing was saved yet: expected a folder that 'gannet train' made, with " + run.generator().getFileName());
        refuseAbsent(given, run);
        BackEnds.Choice device = device(given);
        err.println(device.line());
        String weights = given.has("weights") ? given.text("weights") : Files.exists(run.averagedGenerator()) ? "ema" : "last";
        draw(given, run, weights, Experiment.Saved.load(file(run, weights), device.kernels()), out);
        return 0;
    }

    private static void draw(Given given, RunFolder run, String weights, Experiment.Saved saved, PrintStream out) throws IOException {
        if (given.has("class") && !saved.labels().any())
            throw new UsageException("--class " + given.text("class") + ": run " + run.path() + " was trained without classes; leave the option out");
        int one = given.has("class") ? saved.labels().number(given.text("class")) : -1;
        boolean all = saved.labels().any() && one < 0;
        var sampler = new Sampler(saved.recipe(), saved.generator(), saved.generator().kernels(), saved.labels(), saved.latent());
        int count = given.has("count") ? (int) given.whole("count") : all ? sampler.grid() : SMALL_GRID;
        long seed = given.has("seed") ? given.whole("seed") : saved.seed();
        Path file = given.has("out") ? Path.of(given.text("out"))
                : run.path().resolve("sample-" + count + (given.has("weights") ? "-" + given.text("weights") : "") + (one < 0 ? "" : "-class-" + one) + "-seed-" + seed + ".png");
        requireKind(file);
        float[] images = one < 0 ? sampler.draw(count, seed) : sampler.draw(count, seed, one);
        write(file, count, images, all ? saved.labels().count() : 0);
        tell(given.flag("json"), out, file, count, seed, weights, saved, one);
    }

    private static BackEnds.Choice device(Given given) {
        if (given.has("threads") && (given.whole("threads") < 1 || given.whole("threads") > 1024))
            throw new UsageException("--threads " + given.whole("threads") + ": expected 1 to 1024");
        String name = given.has("device") ? given.text("device") : BackEnds.device();
        return Devices.open(name, given.has("threads") ? (int) given.whole("threads") : Runtime.getRuntime().availableProcessors());
    }

    /// Other weights and classes are options of runs that have them.
    private static void refuseAbsent(Given given, RunFolder run) {
        if (!given.has("weights")) return;
        String weights = given.text("weights");
        if (!WEIGHTS.contains(weights)) throw new UsageException("there are no weights '" + weights + "'; did you mean " + Options.nearest(weights, WEIGHTS) + "?");
        List<String> there = WEIGHTS.stream().filter(each -> each.equals("last") || Files.exists(file(run, each))).toList();
        if (!there.contains(weights)) throw new UsageException("--weights " + weights + ": run " + run.path() + " has none; it has: " + String.join(", ", there));
    }

    private static Path file(RunFolder run, String weights) {
        return switch (weights) {
            case "best" -> run.best();
            case "ema" -> run.averagedGenerator();
            default -> run.generator();
        };
    }

    private static void requireDrawable(Given given, long count) {
        if (count < 1 || count > MOST) throw new UsageException("--count " + count + ": expected 1 to " + Text.grouped(MOST));
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

    /// As numbers, in the order drawn; or as a grid, with a row for each of `rows` classes if these are not 0.
    private static void write(Path file, int count, float[] images, int rows) throws IOException {
        if (file.toString().endsWith(".npy")) {
            new Npy(new int[] {count, Recipe.HEIGHT, Recipe.WIDTH, Recipe.CHANNELS}, images).write(file);
            return;
        }
        float[] cells = rows > 0 ? Sampler.rows(images, rows) : images;
        int cellCount = cells.length / (Recipe.HEIGHT * Recipe.WIDTH * Recipe.CHANNELS);
        int columns = rows > 0 ? cellCount / rows : count <= SMALL_GRID ? ImageGrid.DEFAULT.columns() : (int) Math.ceil(Math.sqrt(count));
        new ImageGrid(columns, ImageGrid.DEFAULT.gap(), ImageGrid.DEFAULT.scale()).write(file, cellCount, Recipe.HEIGHT, Recipe.WIDTH,
                Recipe.CHANNELS, cells);
    }

    /// `one`: the class drawn, or −1 for all.
    private static void tell(boolean json, PrintStream out, Path file, int count, long seed, String weights, Experiment.Saved saved, int one) {
        List<String> names = saved.labels().names();
        if (!json) {
            String what = one < 0 ? "" : " of class " + one + " (" + names.get(one) + ")";
            out.println(Text.counted(count, "image") + what + " of step " + Text.grouped(saved.step()) + ": " + file);
            if (one < 0 && saved.labels().any())
                out.println((file.toString().endsWith(".npy") ? "image i is of class i modulo " + names.size() + ": " : "a row each: ") + String.join(", ", names));
            return;
        }
        var result = new LinkedHashMap<String, Object>();
        result.put("file", file.toString());
        result.put("count", (long) count);
        result.put("seed", seed);
        result.put("step", saved.step());
        result.put("weights", weights);
        if (one >= 0) result.put("class", (long) one);
        if (saved.labels().any()) result.put("classes", names);
        out.println(Json.line(result));
    }
}
