package gannet.examples;

import gannet.gan.Alternation;
import gannet.gan.Objective;
import gannet.gan.Player;
import gannet.gan.Procedure;
import gannet.gan.Unrolled;
import gannet.gan.penalty.JsRegulariser;
import gannet.gan.penalty.Penalties;
import gannet.gan.penalty.Penalty;
import gannet.gan.remedy.Ada;
import gannet.gan.remedy.Annealing;
import gannet.gan.remedy.DiffAugment;
import gannet.gan.remedy.InstanceNoise;
import gannet.gan.remedy.MovingAverage;
import gannet.gan.remedy.ReplayPool;
import gannet.gan.remedy.Schedule;
import gannet.nn.Conditional;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.State;
import java.util.ArrayList;
import java.util.List;

/// What a run's settings add to the plain game, made for its players and random numbers.
final class Remedies {
    private final Settings settings;
    private final Player generator, discriminator;
    private final Randoms randoms;
    private final InstanceNoise noise;
    private final Ada ada;
    private final MovingAverage average;
    private final List<Penalty> penalties = new ArrayList<>();
    private final List<Annealing> annealings = new ArrayList<>();

    Remedies(Settings settings, Player generator, Player discriminator, Randoms randoms) {
        this.settings = settings;
        this.generator = generator;
        this.discriminator = discriminator;
        this.randoms = randoms;
        Settings.Noise asked = settings.noise();
        noise = asked == null ? null : new InstanceNoise(randoms, asked.sigma(), asked.decay(), settings.scheduleSteps());
        ada = settings.adaptive() ? new Ada(randoms) : null;
        average = settings.has("ema") ? new MovingAverage(generator.network(), settings.number("ema")) : null;
        for (Penalties.Setting each : settings.penalties()) add(each);
    }

    private void add(Penalties.Setting asked) {
        Penalty penalty = asked.of(discriminator.network(), randoms);
        if (asked.annealed() && penalty instanceof JsRegulariser roth) annealings.add(new Annealing(asked.name(), roth.gamma(), Annealing.ROTH, settings.scheduleSteps()));
        penalties.add(settings.norm() == Norm.BATCH && penalty.perSample() ? penalty.despiteBatchNorm() : penalty);
    }

    /// With penalties, packing, and what D sees samples through.
    Objective objective(Objective plain) {
        Objective objective = plain.packed(settings.pack());
        for (Penalty penalty : penalties) objective = objective.with(penalty);
        if (ada != null) objective = objective.seenThrough(ada);
        else if (settings.has("augment")) objective = objective.seenThrough(new DiffAugment(settings.policy(), randoms));
        return noise == null ? objective : objective.seenThrough(noise);
    }

    /// With what belongs to the course of training.
    Procedure procedure(Alternation alternation) {
        Procedure procedure = Procedure.of(settings.batch()).with(settings.extragradient() ? Alternation.extragradient() : alternation)
                .with(new Unrolled(settings.unroll())).accumulating(settings.accumulate());
        if (settings.has("replay"))
            procedure = procedure.with(new ReplayPool(discriminator.network(), randoms, (int) settings.whole("replay"),
                    Shape.of(Recipe.HEIGHT, Recipe.WIDTH, Recipe.CHANNELS)));
        if (ada != null) procedure = procedure.with(ada);
        if (noise != null) procedure = procedure.with(noise);
        for (Annealing annealing : annealings) procedure = procedure.with(annealing);
        if (!settings.text("lr-schedule").equals("constant"))
            for (Player player : List.of(generator, discriminator)) procedure = procedure.with(new Schedule(player.optimizer(), decay()));
        return average == null ? procedure : procedure.with(average);
    }

    private Schedule.Decay decay() {
        double steps = settings.scheduleSteps();
        return switch (settings.text("lr-schedule")) {
            case "linear" -> Schedule.linear(steps / 2, steps / 2);
            case "cosine" -> Schedule.cosine(steps);
            case "exponential" -> Schedule.exponential(0.01, steps); // the share that exponential instance noise has; no paper's
            default -> Schedule.constant();
        };
    }

    /// Whether the run keeps an average of the generator's weights.
    boolean averages() {
        return average != null;
    }

    /// The generator that pictures are drawn from.
    Conditional shown() {
        return average == null ? generator.network() : average.averaged();
    }

    /// The generator's states with the averaged weights in place of its own.
    List<State> averagedStates() {
        List<State> states = new ArrayList<>();
        var weights = generator.network().weights();
        for (State state : generator.network().states()) {
            int i = 0;
            while (i < weights.size() && !weights.get(i).origin().equals(state.name())) i++;
            states.add(i == weights.size() ? state : new State.OfTensor(state.name(), average.slices().get(i)));
        }
        return states;
    }
}
