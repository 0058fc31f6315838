package gannet.gan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import gannet.gan.loss.ModifiedMinimax;
import gannet.gan.remedy.MovingAverage;
import gannet.gan.remedy.Schedule;
import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.nn.Network;
import gannet.optim.Adam;
import gannet.optim.Optimizer;
import gannet.optim.Sgd;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/// Learning-rate schedules and the moving average of weights, against their closed forms and across a resume.
class CallbacksTest {
    private static final double RATE = 0.02;

    private final Kernels kernels = new ReferenceKernels();

    private static void copy(List<State> from, List<State> to) {
        for (int i = 0; i < from.size(); i++) {
            double[] values = new double[from.get(i).shape().count()];
            from.get(i).read(values);
            to.get(i).write(values);
        }
    }

    private static List<State> states(Optimizer optimizer, Schedule schedule) {
        List<State> states = new ArrayList<>(optimizer.states());
        states.addAll(schedule.states());
        return states;
    }

    private void follows(Schedule.Decay decay, DoubleUnaryOperator share) {
        var optimizer = new Optimizer(Tiny.critic(kernels), new Sgd(0), RATE);
        var schedule = new Schedule(optimizer, decay);
        for (int t = 0; t < 30; t++) {
            assertEquals(RATE * share.applyAsDouble(t), optimizer.rate().item(), 1e-15, "the rate of step " + t);
            if (t == 13) { // resumed from here, by a trainer made with the initial rate
                var resumed = new Optimizer(Tiny.critic(kernels), new Sgd(0), RATE);
                var itsSchedule = new Schedule(resumed, decay);
                copy(states(optimizer, schedule), states(resumed, itsSchedule));
                optimizer = resumed;
                schedule = itsSchedule;
            }
            schedule.stepped();
        }
    }

    @Test void schedules() {
        follows(Schedule.constant(), _ -> 1);
        follows(t -> t.times(0.1).clamp(0, 1), t -> Math.min(1, t / 10)); // a warm-up begins with its first step
        follows(Schedule.linear(0, 20), t -> Math.max(0, 1 - t / 20));
        follows(Schedule.linear(10, 10), t -> Math.clamp(1 - (t - 10) / 10, 0, 1));
        follows(Schedule.exponential(0.5, 7), t -> Math.pow(0.5, t / 7));
        follows(Schedule.cosine(25), t -> t >= 25 ? 0 : 0.5 * (1 + Math.cos(Math.PI * t / 25)));
        assertThrows(IllegalArgumentException.class, () -> Schedule.cosine(0));
        assertThrows(IllegalArgumentException.class, () -> Schedule.linear(-1, 5));
        assertThrows(IllegalArgumentException.class, () -> Schedule.exponential(1.5, 5));
    }

    private record Averaged(GanTrainer trainer, Network g, MovingAverage average) {}

    private Averaged averaged(double beta) {
        Network g = Tiny.generator(kernels), d = Tiny.discriminator(kernels);
        var randoms = new Randoms(kernels, 5);
        var average = new MovingAverage(g, beta);
        Player player = Player.of(g, Adam.DCGAN, 1e-2);
        var trainer = new GanTrainer(player, Player.of(d, Adam.DCGAN, 1e-2), Objective.of(new ModifiedMinimax()), Prior.normal(randoms, Tiny.Z), Tiny.noise(randoms), randoms,
                Procedure.of(Tiny.BATCH).with(average).with(new Schedule(player.optimizer(), Schedule.cosine(20))));
        return new Averaged(trainer, g, average);
    }

    /// `βᵗ·w₀ + (1 − β)·Σ β^(t−s)·w_s`
    @Test void movingAverage() {
        double beta = 0.8;
        int steps = 6;
        Averaged run = averaged(beta);
        Tensor weight = run.g.weights().getFirst();
        double[] expected = weight.toArray();
        for (int i = 0; i < expected.length; i++) expected[i] *= Math.pow(beta, steps);
        for (int s = 1; s <= steps; s++) {
            run.trainer.step();
            double[] w = weight.toArray();
            for (int i = 0; i < expected.length; i++) expected[i] += (1 - beta) * Math.pow(beta, steps - s) * w[i];
        }
        assertArrayEquals(expected, run.average.slices().getFirst().toArray(), 1e-14);
    }

    /// Sampling from the average is the network at those weights, with the live running statistics.
    @Test void samplesFromTheAverage() {
        Averaged run = averaged(0.5);
        for (int s = 0; s < 3; s++) run.trainer.step();
        Tensor z = new Randoms(kernels, 9).normal("z", Shape.of(4, Tiny.Z));
        double[] sample = run.average.averaged().given(null).infer(z).toArray();
        for (int i = 0; i < run.g.weights().size(); i++) run.g.weights().get(i).assign(run.average.slices().get(i));
        assertArrayEquals(run.g.infer(z).toArray(), sample);
    }

    @Test void resumes() {
        Averaged through = averaged(0.9), first = averaged(0.9), second = averaged(0.9);
        for (int s = 0; s < 6; s++) through.trainer.step();
        for (int s = 0; s < 3; s++) first.trainer.step();
        copy(first.trainer.states(), second.trainer.states());
        for (int s = 0; s < 3; s++) second.trainer.step();
        Tiny.assertSame(Tiny.bits(through.trainer.states()), Tiny.bits(second.trainer.states()), "after a resume");
    }
}
