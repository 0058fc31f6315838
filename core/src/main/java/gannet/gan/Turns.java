package gannet.gan;

import static gannet.nn.Weights.freeze;
import static gannet.tensor.Tensor.unrecorded;

import gannet.nn.Conditional;
import gannet.nn.Layer;
import gannet.optim.Extragradient;
import gannet.optim.Optimizer;
import gannet.tensor.NonFiniteException;
import gannet.tensor.Randoms;
import gannet.tensor.Scope;
import gannet.tensor.Tensor;
import gannet.tensor.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// The turns that a trainer's step is made of. Each loss is a supplier, so that a turn that was refused can be run again on the same batch.
final class Turns {
    private final Player generator, discriminator;
    private final Objective objective;
    private final Prior prior;
    private final Conditions conditions;
    private final Source data;
    private final Randoms randoms;
    private final Procedure procedure;
    private final int m;
    private final LongSupplier steps;
    private final Workspace workspace;
    private final Meter meter;
    private final Extragradient extragradient;
    private final List<Batch> drawn = new ArrayList<>();
    private final List<Judgement> judgements = new ArrayList<>();

    Turns(Player generator, Player discriminator, Objective objective, Prior prior, Conditions conditions, Source data, Randoms randoms, Procedure procedure,
          Workspace workspace, Meter meter, LongSupplier steps) {
        this.generator = generator;
        this.discriminator = discriminator;
        this.objective = objective;
        this.prior = prior;
        this.conditions = conditions;
        this.data = data;
        this.randoms = randoms;
        this.procedure = procedure;
        this.m = Math.multiplyExact(procedure.batch(), objective.pack());
        this.workspace = workspace;
        this.meter = meter;
        this.steps = steps;
        this.extragradient = procedure.alternation().order() == Alternation.Order.EXTRAGRADIENT
                ? new Extragradient(discriminator.optimizer(), generator.optimizer()) : null;
    }

    void discriminator() {
        judgements.clear();
        try (var _ = workspace.open(); var _ = freeze(generator.network())) {
            descend(discriminator, batches(this::discriminatorLoss));
            tell();
        }
    }

    void generator() {
        try (var _ = workspace.open(); var _ = freeze(discriminator.network())) {
            descend(generator, batches(this::generatorLoss));
        }
    }

    private Supplier<Tensor> discriminatorLoss() {
        Batch x = real();                                                                                       // x ~ p_data
        Tensor condition = conditions.next(m, x);
        return () -> {
            Tensor fake = unrecorded(() -> generator.network().given(condition).apply(prior.sample(m)));        // z ~ p_z
            return judged(x, new Batch(replayed(fake), condition));
        };
    }

    private Supplier<Tensor> generatorLoss() {
        Supplier<Batch> x = once(this::real);
        Tensor condition = conditions.next(m, procedure.unrolled().steps() > 0 ? x.get() : null);
        return () -> {
            Batch fake = new Batch(generator.network().given(condition).apply(prior.sample(m)), condition);     // z ~ p_z
            return opposed(fake, x);
        };
    }

    /// Both turns on one fake batch, made once.
    void shared() {
        drawn.clear();
        judgements.clear();
        try (var _ = workspace.open()) {
            Batch x = real();
            Tensor condition = conditions.next(m, x), z = prior.sample(m);
            Layer g = generator.network().given(condition);
            Tensor[] fake = {g.apply(z)};
            try (var _ = freeze(generator.network())) {
                boolean[] again = {false};
                descend(discriminator, List.of(() -> {
                    if (again[0]) unrecorded(() -> g.apply(z)); // to be checked too
                    again[0] = true;
                    return judged(x, new Batch(replayed(fake[0].detach()), condition));
                }));
                tell();
            }
            try (var _ = freeze(discriminator.network())) {
                descend(generator, List.of(() -> {
                    Tensor once = fake[0];
                    fake[0] = null; // consumed; a second run, to explain a refusal, makes its own
                    return opposed(new Batch(once != null ? once : g.apply(z), condition), () -> x);
                }));
            }
        }
    }

    /// Both gradients, then both updates.
    void simultaneous() {
        judgements.clear();
        try (var _ = workspace.open()) {
            gatherBoth();
            discriminator.optimizer().commit();
            generator.optimizer().commit();
            tell();
        }
    }

    /// Both gradients and both updates, then again from the same weights by the gradients found there, on batches of their own.
    void extragradient() {
        judgements.clear();
        try (var _ = workspace.open()) {
            gatherBoth();
            extragradient.extrapolate();
            try {
                gatherBoth();
            } catch (DivergedException e) {
                extragradient.restore();
                throw e;
            }
            extragradient.update();
            tell();
        }
    }

    private void gatherBoth() {
        try (var _ = freeze(generator.network())) {
            gather(discriminator, batches(this::discriminatorLoss));
        }
        try (var _ = freeze(discriminator.network())) {
            gather(generator, batches(this::generatorLoss));
        }
    }

    private Batch real() {
        Batch x = data.next(m);
        drawn.add(x);
        return x;
    }

    private Tensor replayed(Tensor fake) {
        return procedure.replay() == null ? fake : procedure.replay().exchange(fake);
    }

    private Tensor judged(Batch x, Batch fake) {
        Judgement d = objective.discriminator(discriminator.network(), x, fake);
        meter.discriminator(d);
        if (!procedure.callbacks().isEmpty()) judgements.add(new Judgement(copy(d.loss()), copy(d.real()), copy(d.fake()))); // its graph will be consumed
        return d.loss();
    }

    private static Tensor copy(Tensor x) {
        return unrecorded(() -> x.plus(0));
    }

    /// Tells the callbacks what D made of its batches, once its turn is done: a turn that is refused, and run again, leaves nothing with them.
    private void tell() {
        for (Judgement d : judgements) for (Callback callback : procedure.callbacks()) callback.judged(d);
    }

    private Tensor opposed(Batch fake, Supplier<Batch> x) {
        Conditional d = procedure.unrolled().steps() == 0 ? discriminator.network() : procedure.unrolled().ahead(objective, discriminator, x.get(), fake);
        Tensor g = objective.generator(d, fake, x);
        meter.generator(g);
        return g;
    }

    /// As many losses, on batches of their own, as make a step.
    private List<Supplier<Tensor>> batches(Supplier<Supplier<Tensor>> loss) {
        drawn.clear();
        List<Supplier<Tensor>> losses = new ArrayList<>(procedure.accumulate());
        for (int i = 0; i < procedure.accumulate(); i++) losses.add(loss.get());
        return losses;
    }

    /// A turn that is run again must see the same batch.
    private static <T> Supplier<T> once(Supplier<T> draw) {
        List<T> drawn = new ArrayList<>(1);
        return () -> {
            if (drawn.isEmpty()) drawn.add(draw.get());
            return drawn.getFirst();
        };
    }

    private void descend(Player player, List<Supplier<Tensor>> losses) {
        var mark = randoms.mark();
        player.optimizer().gather(losses);
        player.optimizer().commit();
        if (player.optimizer().refused()) throw explained(player, losses, mark);
    }

    private void gather(Player player, List<Supplier<Tensor>> losses) {
        var mark = randoms.mark();
        player.optimizer().gather(losses);
        if (player.optimizer().refused()) throw explained(player, losses, mark);
    }

    /// Runs a refused turn again, on the same numbers, with every operation checked, to say where it went wrong.
    private DivergedException explained(Player player, List<Supplier<Tensor>> losses, Map<String, Integer> mark) {
        randoms.rewind(mark);
        Optimizer optimizer = player.optimizer();
        String what;
        try (var _ = Scope.checked()) {
            optimizer.gather(losses);
            what = optimizer.refusal();
        } catch (NonFiniteException e) {
            what = e.getMessage();
        }
        return new DivergedException(steps.getAsLong() + 1, optimizer.network().name(), what, LikelyCause.of(player, generator, discriminator, objective, drawn));
    }
}
