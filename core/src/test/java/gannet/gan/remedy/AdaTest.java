package gannet.gan.remedy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import gannet.gan.Judgement;
import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdaTest {
    private static final long SEED = 51;
    private static final int BATCH = 1000;
    /// What four batches move p by: 4 · 1000 / 500,000.
    private static final double MOVE = 0.008;

    private final Kernels k = new ReferenceKernels();
    private final Randoms randoms = new Randoms(k, SEED);
    private final Ada ada = new Ada(randoms);

    /// Four batches of which D takes a share of the real samples for real.
    private void fourBatches(double share) {
        double[] logits = new double[BATCH];
        for (int i = 0; i < BATCH; i++) logits[i] = i < share * BATCH ? 2 : -0.5;
        Tensor real = Tensor.of(k, Shape.of(BATCH, 1), logits);
        for (int i = 0; i < 4; i++) {
            ada.judged(new Judgement(Tensor.constant(k, 0), real, real));
            ada.stepped();
        }
    }

    /// E sign = 2 · share − 1, so 0.6 is a share of 0.8.
    @Test void probabilityRisesWhileDOverfitsAndFallsOtherwise() {
        fourBatches(0.9);
        assertEquals(MOVE, ada.probability().item(), 1e-12);
        fourBatches(0.81);
        assertEquals(2 * MOVE, ada.probability().item(), 1e-12);
        fourBatches(0.8);
        assertEquals(2 * MOVE, ada.probability().item(), 1e-12, "at the target");
        fourBatches(0.79);
        assertEquals(MOVE, ada.probability().item(), 1e-12);
    }

    @Test void probabilityStaysWithinZeroAndOne() {
        fourBatches(0);
        assertEquals(0, ada.probability().item());
        for (int i = 0; i < 126; i++) fourBatches(1);
        assertEquals(1, ada.probability().item());
        fourBatches(0);
        assertEquals(1 - MOVE, ada.probability().item(), 1e-12);
    }

    @Test void itMovesAfterFourBatchesOnly() {
        Tensor real = Tensor.full(k, Shape.of(BATCH, 1), 1);
        for (int i = 0; i < 3; i++) {
            ada.judged(new Judgement(Tensor.constant(k, 0), real, real));
            ada.stepped();
            assertEquals(0, ada.probability().item(), "after batch " + (i + 1));
        }
        for (int i = 0; i < 5; i++) ada.judged(new Judgement(Tensor.constant(k, 0), real, real));
        ada.stepped(); // five D steps in one step of G
        assertEquals(2 * MOVE, ada.probability().item(), 1e-12, "all eight batches count");
    }

    @Test void atZeroItPassesAllAndAtAHalfItChangesHalfOfTheImages() {
        Tensor x = randoms.normal("x", Shape.of(2000, 4, 4, 3));
        assertArrayEquals(x.toArray(), ada.apply(x).toArray(), "p = 0");
        var brightness = new Ada(randoms, List.of(Augmentation.BRIGHTNESS));
        brightness.probability().assign(Tensor.constant(k, 0.5));
        double[] change = brightness.apply(x).minus(x).toArray();
        int changed = 0;
        for (int i = 0; i < 2000; i++) if (change[i * 48] != 0) changed++;
        assertEquals(1000, changed, 5 * Math.sqrt(500), "seed " + SEED);
    }
}
