package gannet.gan;

import static gannet.nn.Weights.freeze;
import static gannet.tensor.Tensor.unrecorded;

import gannet.kernel.Repeated;
import gannet.kernel.Storage;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// The turns that a trainer's step is made of. Each loss is a supplier, so that a turn that was refused can be run again on the same batch.
///
/// A turn has three parts: batches and conditions are drawn on the host; then comes work for the device alone, which a back end may repeat without the host
/// ([Repeated]); then the host looks whether the step was refused.
final class Turns {
    /// What makes two turns the same work: who moves, and how many draws the step has made before.
    private record Key(String turn, Map<String, Integer> drawsBefore) {}

    /// Work as the device knows it, the draws after it, and the batches that D judges in it.
    private static final class Work {
        final Repeated repeated;
        Map<String, Integer> drawsAfter;
        int judged;

        Work(Repeated repeated) {
            this.repeated = repeated;
        }
    }

    /// So many different turns may be repeated by the device: each takes some of its memory, and where D takes hundreds of turns to one of G, as many are different.
    private static final int MOST_REPEATED = 32;

    private final Player generator, discriminator;
    private final Objective objective;
    private final Prior prior;
    private final Conditions conditions;
    private final Source data;
    private final Randoms randoms;
    private final Procedure procedure;
    private final int m;
    private final LongSupplier steps;
    private final Workspace workspace, inputs;
    private final Meter meter;
    private final Extragradient extragradient;
    private final Map<Key, Work> works = new HashMap<>();
    private final List<Batch> drawn = new ArrayList<>();
    private final List<Tensor> conditioned = new ArrayList<>();
    private final List<Judgement> kept = new ArrayList<>();
    private int judged;
    private boolean generatorSeesReal;

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
        this.inputs = new Workspace(generator.network().kernels());
        this.meter = meter;
        this.steps = steps;
        this.extragradient = procedure.alternation().order() == Alternation.Order.EXTRAGRADIENT
                ? new Extragradient(discriminator.optimizer(), generator.optimizer()) : null;
    }

    void discriminator() {
        try (var _ = inputs.open(); var _ = freeze(generator.network())) {
            List<Supplier<Tensor>> losses = batches(this::discriminatorLoss);
            var mark = play("the discriminator's turn", () -> descend(discriminator, losses));
            data.ahead(m);
            requireAccepted(discriminator, losses, mark);
            tell();
        }
    }

    /// Meters what D makes of `x`, and of as many fresh fakes, outside of any turn: nobody moves, no state changes, and no draw after it is another.
    void look(Batch x, Meter to) {
        var mark = randoms.mark();
        try (var _ = workspace.open(); var _ = freeze(generator.network()); var _ = freeze(discriminator.network())) {
            unrecorded(() -> {
                int n = x.x().shape().size(0);
                Tensor condition = conditions.next(n, x);
                Judgement d = objective.look(discriminator.network(), x, new Batch(generator.network().given(condition).apply(prior.sample(n)), condition));
                to.discriminator(d);
                return d.loss();
            });
        } finally {
            randoms.rewind(mark);
        }
    }

    void generator() {
        try (var _ = inputs.open(); var _ = freeze(discriminator.network())) {
            List<Supplier<Tensor>> losses = batches(this::generatorLoss);
            var mark = play("the generator's turn", () -> descend(generator, losses));
            requireAccepted(generator, losses, mark);
        }
    }

    private Supplier<Tensor> discriminatorLoss() {
        Batch x = real();                                                                                       // x ~ p_data
        Tensor condition = condition(x);
        return () -> {
            Tensor fake = unrecorded(() -> generator.network().given(condition).apply(prior.sample(m)));        // z ~ p_z
            return judged(x, new Batch(replayed(fake), condition));
        };
    }

    private Supplier<Tensor> generatorLoss() {
        Supplier<Batch> x = once(() -> {
            generatorSeesReal = true;
            return real();
        });
        boolean unrolled = procedure.unrolled().steps() > 0;
        if (unrolled || generatorSeesReal) x.get(); // while numbers may still be written from the host
        Tensor condition = condition(unrolled ? x.get() : null);
        return () -> {
            Batch fake = new Batch(generator.network().given(condition).apply(prior.sample(m)), condition);     // z ~ p_z
            return opposed(fake, x);
        };
    }

    /// Both turns on one fake batch, made once. What D refuses changes nothing in G either.
    void shared() {
        try (var _ = inputs.open()) {
            forgetDrawn();
            Batch x = real();
            Tensor condition = condition(x);
            Layer g = generator.network().given(condition);
            Tensor[] fake = {null}; // a run to explain a refusal makes its own
            Supplier<Tensor> judged = () -> {
                Tensor made = fake[0] != null ? fake[0].detach() : unrecorded(() -> g.apply(prior.sample(m)));
                return judged(x, new Batch(replayed(made), condition));
            };
            Supplier<Tensor> opposed = () -> opposed(new Batch(fake[0] != null ? fake[0] : g.apply(prior.sample(m)), condition), () -> x);
            var mark = play("the turns on one fake batch", () -> {
                fake[0] = g.apply(prior.sample(m));
                try (var _ = freeze(generator.network())) {
                    descend(discriminator, List.of(judged));
                }
                try (var _ = freeze(discriminator.network())) {
                    generator.optimizer().gather(List.of(opposed));
                    generator.optimizer().refuseWith(discriminator.optimizer());
                    generator.optimizer().commit();
                }
                fake[0] = null;
            });
            data.ahead(m);
            try (var _ = freeze(generator.network())) {
                requireAccepted(discriminator, List.of(judged), mark);
            }
            tell();
            try (var _ = freeze(discriminator.network())) {
                requireAccepted(generator, List.of(opposed), mark);
            }
        }
    }

    /// Both gradients, then both updates. The host looks at the first before it asks for the second, so this is never repeated without it; nor is [#extragradient].
    void simultaneous() {
        judged = 0;
        try (var _ = workspace.open()) {
            gatherBoth();
            discriminator.optimizer().commit();
            generator.optimizer().commit();
        }
        tell();
    }

    /// Both gradients and both updates, then again from the same weights by the gradients found there, on batches of their own.
    void extragradient() {
        judged = 0;
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
        }
        tell();
    }

    private void gatherBoth() {
        try (var _ = freeze(generator.network())) {
            gather(discriminator, batches(this::discriminatorLoss));
        }
        try (var _ = freeze(discriminator.network())) {
            gather(generator, batches(this::generatorLoss));
        }
    }

    /// Does a turn's work for the device, in the workspace; gives the draws that the step had made before.
    private Map<String, Integer> play(String turn, Runnable body) {
        var mark = randoms.mark();
        Work work = work(new Key(turn, mark));
        Repeated how = Scope.checking() ? Repeated.NEVER : work.repeated;
        boolean here = how.run(inputStorages(), () -> {
            randoms.rewind(mark);
            judged = 0;
            try (var _ = workspace.open()) {
                body.run();
            }
            work.drawsAfter = randoms.mark();
            work.judged = judged;
        });
        if (!here) {
            randoms.rewind(work.drawsAfter);
            judged = work.judged;
        }
        return mark;
    }

    private Work work(Key key) {
        Work known = works.get(key);
        if (known != null) return known;
        var work = new Work(works.size() < MOST_REPEATED ? generator.network().kernels().repeated(key.turn) : Repeated.NEVER);
        works.put(key, work);
        return work;
    }

    private List<Storage> inputStorages() {
        List<Storage> storages = new ArrayList<>();
        for (Batch batch : drawn) {
            storages.add(batch.x().data());
            if (batch.condition() != null) storages.add(batch.condition().data());
        }
        for (Tensor condition : conditioned) storages.add(condition.data());
        return storages;
    }

    private void forgetDrawn() {
        drawn.clear();
        conditioned.clear();
    }

    private Tensor condition(Batch x) {
        Tensor condition = conditions.next(m, x);
        if (condition != null) conditioned.add(condition);
        return condition;
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
        if (!procedure.callbacks().isEmpty()) keep(d);
        return d.loss();
    }

    /// Copies what D made of a batch to memory of its own: its graph will be consumed.
    private void keep(Judgement d) {
        if (judged == kept.size()) kept.add(null);
        Judgement copy = kept.get(judged);
        if (copy == null || !copy.real().shape().equals(d.real().shape()) || !copy.fake().shape().equals(d.fake().shape()))
            kept.set(judged, copy = new Judgement(outside(d.loss()), outside(d.real()), outside(d.fake())));
        copy.loss().assign(d.loss());
        copy.real().assign(d.real());
        copy.fake().assign(d.fake());
        judged++;
    }

    private static Tensor outside(Tensor x) {
        return Tensor.leaf(x.shape(), x.kernels().allocate(x.shape().count()));
    }

    /// Tells the callbacks what D made of its batches, once its turn is done: a turn that is refused, and run again, leaves nothing with them.
    private void tell() {
        try (var _ = workspace.open()) {
            for (Judgement d : kept.subList(0, judged)) for (Callback callback : procedure.callbacks()) callback.judged(d);
        }
    }

    private Tensor opposed(Batch fake, Supplier<Batch> x) {
        Conditional d = procedure.unrolled().steps() == 0 ? discriminator.network() : procedure.unrolled().ahead(objective, discriminator, x.get(), fake);
        Tensor g = objective.generator(d, fake, x);
        meter.generator(g);
        return g;
    }

    /// As many losses, on batches of their own, as make a step.
    private List<Supplier<Tensor>> batches(Supplier<Supplier<Tensor>> loss) {
        forgetDrawn();
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
        player.optimizer().gather(losses);
        player.optimizer().commit();
    }

    private void requireAccepted(Player player, List<Supplier<Tensor>> losses, Map<String, Integer> mark) {
        if (!player.optimizer().refused()) return;
        try (var _ = workspace.open()) {
            throw explained(player, losses, mark);
        }
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
