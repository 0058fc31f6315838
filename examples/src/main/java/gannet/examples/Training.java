package gannet.examples;

import gannet.gan.GanTrainer;
import gannet.io.ImageGrid;
import java.io.IOException;

/// The loop around the trainer: figures to the log, grids of samples, checkpoints, the best generator, and an ear for signals. Nothing in it changes what the
/// trainer computes.
final class Training {
    private static final int LOG_EVERY = 10;

    private final Settings settings;
    private final Experiment experiment;
    private final GanTrainer trainer;
    private final RunFolder run;
    private final Progress progress;
    private final Sampler sampler;
    private final HeldOut heldOut;
    private final double earlierSeconds;
    private long begun, mark, paused, markStep, sampledStep = -1, savedStep = -1;
    private boolean over;
    private Report last;
    private HeldOut.Figures measured;
    private Experiment.Best best;

    /// `best`: what the run's folder holds of it; `earlierSeconds`: how long the run was trained before it was stopped and taken up here.
    Training(Settings settings, Experiment experiment, Data data, RunFolder run, Experiment.Best best, Progress progress, double earlierSeconds) throws IOException {
        this.settings = settings;
        this.experiment = experiment;
        this.trainer = experiment.trainer();
        this.run = run;
        this.progress = progress;
        this.sampler = new Sampler(settings.recipe(), experiment.shown(), experiment.generator().kernels(), experiment.labels(), settings.latent());
        this.heldOut = new HeldOut(settings, experiment, data, sampler);
        this.best = best.step() > trainer.steps() ? Experiment.Best.NONE : best; // the run was stopped between the two, and comes to it again
        this.earlierSeconds = earlierSeconds;
    }

    /// Trains to the end, or until it is interrupted; then everything is saved.
    void run(Interruption interruption) throws IOException {
        begun = mark = System.nanoTime();
        markStep = trainer.steps();
        try {
            over = ended();
            for (boolean first = true; !over && !interruption.requested(); first = false) step(first);
        } finally {
            progress.end();
        }
        save();
        if (trainer.steps() > markStep) report();
        sample();
    }

    private void step(boolean first) throws IOException {
        trainer.step();
        long step = trainer.steps();
        progress.step(step, seconds());
        over = ended();
        boolean saves = over || step % settings.whole("save-every") == 0;
        if (saves) measure();
        if (saves || first || step % LOG_EVERY == 0) report();
        if (saves) save();
        if (step % settings.whole("sample-every") == 0) sample();
    }

    /// Whether the steps or the time that were asked for are done.
    boolean ended() {
        return trainer.steps() >= settings.steps() || seconds() >= settings.seconds();
    }

    /// How long the run has been trained, all its parts together.
    double seconds() {
        return earlierSeconds + (begun == 0 ? 0 : (System.nanoTime() - begun) * 1e-9);
    }

    /// The last figures; null before the first step.
    Report last() {
        return last;
    }

    /// The best generator so far.
    Experiment.Best best() {
        return best;
    }

    /// Measures the step on held-out images, and saves its generator if it is the best so far: before the checkpoint, so that a run that is stopped between the two comes to it again.
    private void measure() throws IOException {
        long start = pause();
        measured = heldOut.figures();
        if (measured.distance() < best.distance()) {
            best = new Experiment.Best(measured.step(), measured.distance());
            experiment.saveBest(run, best);
        }
        paused += System.nanoTime() - start;
    }

    private void report() throws IOException {
        trainer.meter().generatorLoss(); // waits for the device
        long now = System.nanoTime(), images = (trainer.steps() - markStep) * settings.batch() * settings.pack() * settings.accumulate();
        last = Report.of(trainer, images / ((now - mark - paused) * 1e-9), seconds(), measured != null && measured.step() == trainer.steps() ? measured : null);
        run.append(last.json());
        progress.report(last);
        mark = System.nanoTime();
        paused = 0;
        markStep = trainer.steps();
    }

    /// Draws the grid of the step, from the average of the weights if there is one, always from the same z; of a run with classes, a row for each.
    private void sample() throws IOException {
        if (sampledStep == trainer.steps()) return;
        long start = pause();
        float[] images = sampler.grid(settings.seed());
        ImageGrid.DEFAULT.write(run.sample(trainer.steps()), sampler.grid(), Recipe.HEIGHT, Recipe.WIDTH, Recipe.CHANNELS, images);
        sampledStep = trainer.steps();
        paused += System.nanoTime() - start;
    }

    private void save() throws IOException {
        if (savedStep == trainer.steps()) return;
        long start = pause();
        experiment.save(run);
        savedStep = trainer.steps();
        paused += System.nanoTime() - start;
    }

    /// Time that is no training, from when the device has done its work.
    private long pause() {
        trainer.meter().generatorLoss();
        return System.nanoTime();
    }
}
