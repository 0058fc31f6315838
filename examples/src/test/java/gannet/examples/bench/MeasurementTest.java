package gannet.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MeasurementTest {
    private int calls;

    private Call counted(long nanos) {
        return new Call(() -> {
            calls++;
            for (long end = System.nanoTime() + nanos; System.nanoTime() < end; ) Thread.onSpinWait();
            return 0;
        }, () -> 0);
    }

    @Test void measuresFiveCallsAtLeastAndTwoHundredAtMost() {
        assertEquals(5, Measurement.of(counted(0), 0).reps());
        assertEquals(200, Measurement.of(counted(0), 60).reps());
    }

    @Test void theTimesAreThoseOfACall() {
        var m = Measurement.of(counted(2_000_000), 0.02);
        assertTrue(m.minMs() >= 2 && m.minMs() <= m.medianMs(), m.toString());
        assertTrue(calls > 2 * m.reps(), "warm-up: " + (calls - m.reps()) + " calls before " + m);
    }

    @Test void theMedianOfAnEvenNumberIsTheMeanOfTheTwoInTheMiddle() {
        assertEquals(2.5, Measurement.of(new double[] {4, 1, 2, 3}, 0, 0).medianMs());
        assertEquals(2, Measurement.of(new double[] {3, 1, 2}, 0, 0).medianMs());
        assertEquals(1, Measurement.of(new double[] {3, 1, 2}, 0, 0).minMs());
        assertEquals(20, Measurement.of(new double[] {3, 1, 2}, 0.06, 0).cpuMs(), 1e-12);
    }

    @Test void othersAreReadFromTheSystemsTimes() {
        assertEquals(0.81, Machine.busySeconds("cpu  10 20 30 400 500 6 7 8 9 10"), 1e-12);
        double busy = Machine.busySeconds();
        assertTrue(Double.isNaN(busy) || busy > 0, "busy " + busy);
    }
}
