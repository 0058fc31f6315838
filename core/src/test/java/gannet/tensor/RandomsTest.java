package gannet.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import gannet.kernel.BackEnds;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RandomsTest {
    private static final Shape SHAPE = Shape.of(10);
    private final Randoms randoms = new Randoms(BackEnds.open("scalar", 1).kernels(), 5);

    @Test void drawsDifferByUseOrdinalStepAndSeed() {
        double[] first = randoms.normal("z", SHAPE).toArray();
        double[][] others = {randoms.normal("z", SHAPE).toArray(), randoms.normal("dropout", SHAPE).toArray(),
            new Randoms(randoms.kernels(), 6).normal("z", SHAPE).toArray(), next().normal("z", SHAPE).toArray()};
        for (double[] other : others) assertFalse(Arrays.equals(first, other));
    }

    private Randoms next() {
        randoms.advance();
        return randoms;
    }

    @Test void aRewoundOrRestoredStreamRepeats() {
        randoms.normal("z", SHAPE);
        var mark = randoms.mark();
        double[] second = randoms.normal("z", SHAPE).toArray();
        randoms.rewind(mark);
        assertArrayEquals(second, randoms.normal("z", SHAPE).toArray());

        randoms.advance();
        randoms.advance();
        double[] later = randoms.uniform("u", SHAPE).toArray();
        var resumed = new Randoms(randoms.kernels(), 5);
        double[] step = new double[1];
        randoms.states().getFirst().read(step);
        resumed.states().getFirst().write(step);
        assertArrayEquals(later, resumed.uniform("u", SHAPE).toArray());
    }
}
