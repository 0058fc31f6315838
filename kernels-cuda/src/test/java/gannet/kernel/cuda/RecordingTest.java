package gannet.kernel.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.kernel.Kernels;
import gannet.kernel.Reduction;
import gannet.kernel.Repeated;
import gannet.kernel.Storage;
import gannet.kernel.Unary;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import gannet.tensor.Workspace;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is recorded, what is not, and that either way the right thing is done.
class RecordingTest {
    private static final Unary NEXT = new Unary.Affine(1, 1);

    private Kernels k;
    private Storage y;
    private int runs;

    @BeforeEach void open() {
        k = TestDevice.kernels();
        y = k.allocate(3);
        runs = 0;
    }

    private static double first(Storage s) {
        double[] values = new double[s.length()];
        s.kernels().read(s, values);
        return values[0];
    }

    @Test void theSameWorkIsDoneByTheCardFromTheSecondTimeOn() {
        Repeated repeated = k.repeated("counting");
        for (int time = 1; time <= 6; time++) {
            boolean here = repeated.run(List.of(), () -> {
                runs++;
                k.map(NEXT, y, y);
                y.changed();
            });
            assertEquals(time == 1, here, "time " + time);
            assertEquals(time, first(y), "the result of time " + time);
            assertEquals(time == 1 ? 1 : 2, runs, "the second time to be recorded, then not at all");
        }
        assertEquals(7, y.version(), "a change for each time, and one for the run that was recorded");
    }

    @Test void argumentsThatChangeFromRunToRunAreNeverReplayed() {
        Repeated repeated = k.repeated("steps of other sizes");
        double sum = 0;
        for (int time = 1; time <= 8; time++) {
            double size = time;
            assertTrue(repeated.run(List.of(), () -> k.map(new Unary.Affine(1, size), y, y)));
            sum += size;
            assertEquals(sum, first(y), "time " + time);
        }
    }

    @Test void anArgumentThatSettlesIsRecordedThen() {
        Repeated repeated = k.repeated("a change early on");
        for (int time = 1; time <= 6; time++) {
            double size = time == 1 ? 10 : 1;
            boolean here = repeated.run(List.of(), () -> k.map(new Unary.Affine(1, size), y, y));
            assertEquals(time < 3, here, "time " + time);
            assertEquals(9 + time, first(y));
        }
    }

    @Test void inputsThatLieElsewhereAreRead() {
        Storage[] inputs = {k.allocate(3), k.allocate(3)};
        for (int i = 0; i < 2; i++) k.write(new double[] {10 * (i + 1), 0, 0}, inputs[i]);
        Repeated repeated = k.repeated("reading");
        for (int time = 1; time <= 5; time++) repeated.run(List.of(inputs[0]), () -> k.map(NEXT, inputs[0], y));
        assertEquals(11, first(y));
        assertTrue(repeated.run(List.of(inputs[1]), () -> k.map(NEXT, inputs[1], y)), "not what was recorded");
        assertEquals(21, first(y));
        assertFalse(repeated.run(List.of(inputs[0]), () -> k.map(NEXT, inputs[0], y)));
        assertEquals(11, first(y));
    }

    /// Each would be done once, or with old numbers, if it were recorded.
    @Test void whatNeedsTheHostIsDoneThere() {
        double[] numbers = new double[1000], seen = new double[3];
        Storage big = k.allocate(1000);
        List<Runnable> works = List.of(() -> k.read(y, seen), () -> k.write(numbers, big), () -> k.prefetch(numbers, big), () -> k.map(NEXT, y, k.allocate(3)));
        for (Runnable work : works) {
            Repeated repeated = k.repeated("work " + works.indexOf(work));
            double before = first(y);
            for (int time = 1; time <= 6; time++) {
                assertTrue(repeated.run(List.of(), () -> {
                    k.map(NEXT, y, y);
                    work.run();
                }));
                assertEquals(before + time, first(y));
            }
        }
    }

    /// The first run writes nothing from the host, the second does.
    @Test void workThatComesToNeedTheHostWhileItIsRecordedIsDoneOnce() {
        double[] numbers = new double[1000];
        Storage big = k.allocate(1000);
        Repeated repeated = k.repeated("late need");
        for (int time = 1; time <= 6; time++) {
            boolean needed = time > 1;
            assertTrue(repeated.run(List.of(), () -> {
                k.map(NEXT, y, y);
                if (needed) k.write(numbers, big);
            }));
            assertEquals(time, first(y));
        }
    }

    @Test void whatTheWorkThrowsComesOutAndLeavesTheCardUsable() {
        Repeated repeated = k.repeated("failing");
        for (int time = 1; time <= 3; time++) {
            boolean fails = time == 2;
            Runnable work = () -> {
                k.map(NEXT, y, y);
                if (fails) throw new IllegalStateException("as it should");
            };
            if (fails) assertEquals("as it should", assertThrows(IllegalStateException.class, () -> repeated.run(List.of(), work)).getMessage());
            else repeated.run(List.of(), work);
            assertEquals(time < 3 ? 1 : 2, first(y), "what was being recorded when it failed was not done");
        }
    }

    /// The driver compiles nothing while launches are recorded.
    @Test void aKernelThatIsFirstNeededWhileRecordingIsRecordedNextTime() {
        try (var own = (CudaKernels) TestDevice.fresh()) {
            Storage a = own.allocate(8), b = own.allocate(1);
            Repeated repeated = own.repeated("late kernel");
            for (int time = 1; time <= 6; time++) {
                boolean late = time > 1;
                repeated.run(List.of(), () -> {
                    own.map(NEXT, a, a);
                    if (late) own.reduce(Reduction.SUM, 1, 8, 1, a, b);
                });
                assertEquals(time, first(a));
            }
            assertEquals(8 * 6, first(b));
            assertTrue(own.replays() > 0);
        }
    }

    @Test void aRecordingWaitsForWhatItReadsToCome() {
        int n = 100_000;
        Storage x = k.allocate(n), z = k.allocate(n);
        double[] numbers = new double[n];
        Repeated repeated = k.repeated("fetched");
        for (int time = 1; time <= 6; time++) {
            Arrays.fill(numbers, time);
            if (time > 2) k.prefetch(numbers, x);
            assertEquals(time == 1, repeated.run(List.of(x), () -> k.map(NEXT, x, z)));
            assertEquals(time > 2 ? time + 1 : 1, first(z));
        }
    }

    /// The one runs beside the other.
    @Test void freshMemoryIsNotClearedAfterACopyToIt() {
        Storage a = k.allocate(1000), b = k.allocate(1000);
        double[] numbers = new double[1000];
        Arrays.fill(numbers, 7);
        k.prefetch(numbers, a);
        k.prefetch(numbers, b);
        assertEquals(7, first(a));
        assertEquals(7, first(b));
    }

    @Test void whatIsKeptOutOfAWorkspaceIsNotWrittenAgain() {
        var workspace = new Workspace(k);
        Tensor x = Tensor.of(k, Shape.of(3), 1, 1, 1), out = Tensor.leaf(Shape.of(3), y), kept = null;
        Repeated repeated = k.repeated("in a workspace");
        int here = 0;
        for (int time = 1; time <= 9; time++) {
            if (repeated.run(List.of(), () -> {
                try (var _ = workspace.open()) {
                    out.assign(x.plus(1));
                }
            })) here++;
            assertEquals(2, first(y));
            if (time != 5) continue;
            try (var _ = workspace.open()) {
                kept = x.times(5).keep();
            }
        }
        assertEquals(5, first(kept.data()));
        assertEquals(4, here, "twice until it is recorded, before and after");
    }

    /// What no recording notices.
    @Test void aChangeAfterTheRecordingIsFoundByTheCheck() {
        try (var checked = new CudaKernels(Card.at(0), Precision.FP32, Graphs.CHECK)) {
            Storage z = checked.allocate(3);
            Repeated repeated = checked.repeated("a layer that counts");
            for (int time = 1; time <= 4; time++) assertTrue(repeated.run(List.of(), () -> checked.map(NEXT, z, z)));
            String message = assertThrows(IllegalStateException.class, () -> repeated.run(List.of(), () -> checked.map(new Unary.Affine(1, 2), z, z))).getMessage();
            assertTrue(message.contains("a layer that counts") && message.contains("run 5"), message);
        }
    }
}
