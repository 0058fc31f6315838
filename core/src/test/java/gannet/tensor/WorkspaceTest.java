package gannet.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.kernel.BackEnds;
import gannet.kernel.FloatStorage;
import gannet.kernel.Kernels;
import gannet.kernel.ScalarKernels;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkspaceTest {
    private final Kernels k = BackEnds.open("scalar", 1).kernels();
    private final Workspace workspace = new Workspace(k);

    private Tensor vector(double... x) {
        return Tensor.of(k, Shape.of(x.length), x);
    }

    @Test void whatWasMadeInsideIsReleased() {
        Tensor x = vector(1, 2), y, kept;
        try (var _ = workspace.open()) {
            y = x.square();
            kept = x.times(3).keep();
            assertArrayEquals(new double[] {1, 4}, y.toArray());
        }
        var e = assertThrows(IllegalStateException.class, y::toArray);
        assertTrue(e.getMessage().contains("released") && e.getMessage().contains("keep"), e.getMessage());
        assertThrows(IllegalStateException.class, () -> y.plus(1));
        try (var _ = workspace.open()) {
            for (int i = 0; i < 10; i++) x.times(i);
        }
        assertArrayEquals(new double[] {3, 6}, kept.toArray());
        assertArrayEquals(new double[] {1, 2}, x.toArray());
    }

    @Test void memoryIsGivenOutAgain() {
        Map<float[], Boolean> seen = new IdentityHashMap<>();
        Tensor x = Tensor.of(k, Shape.of(100), new double[100]);
        for (int step = 0; step < 5; step++)
            try (var _ = workspace.open()) {
                for (int i = 0; i < 10; i++) seen.put(((FloatStorage) x.plus(i).data()).array(), true);
            }
        assertEquals(10, seen.size());
    }

    @Test void aConsumedGraphIsReleasedAsItGoes() {
        Tensor w = vector(1, 2);
        try (var _ = workspace.open()) {
            Tensor a = w.square(), view = a.reshape(1, 2), b = view.exp(), loss = b.sum();
            Tensor read = a.detach();
            Gradients d = Gradients.consuming(loss, List.of(w));
            assertTrue(b.data().released(), "b is no longer needed");
            assertFalse(a.data().released(), "a detached reader is left");
            assertFalse(loss.data().released());
            assertArrayEquals(new double[] {1, 4}, read.toArray());
            assertArrayEquals(new double[] {2 * Math.E, 4 * Math.exp(4)}, d.get(w).toArray(), 1e-4);
            assertThrows(IllegalStateException.class, () -> Gradients.of(loss, w));
        }
    }

    @Test void aPlainBackwardReleasesNothingOfTheGraph() {
        Tensor w = vector(1, 2);
        try (var _ = workspace.open()) {
            Tensor a = w.square(), b = a.exp(), loss = b.sum();
            Gradients.of(loss, w);
            assertFalse(a.data().released() || b.data().released() || loss.data().released());
            assertArrayEquals(new double[] {2 * Math.E, 4 * Math.exp(4)}, Gradients.of(loss, w).get(w).toArray(), 1e-4);
        }
    }

    @Test void aTensorReadTwiceIsReleasedAfterItsLastReader() {
        Tensor w = vector(0.5, 2);
        try (var _ = workspace.open()) {
            Tensor a = w.square(), loss = a.exp().plus(a.times(a)).sum(), other = a.sin().sum();
            Gradients.consuming(loss, List.of(w));
            assertFalse(a.data().released(), "sin(a) is recorded and not yet visited");
            Gradients.consuming(other, List.of(w));
            assertTrue(a.data().released());
        }
    }

    @Test void gradientsSurviveTheirFormulas() {
        Tensor a = vector(1, 2), b = vector(3, 4);
        try (var _ = workspace.open()) {
            Tensor s = a.plus(b); // both gradients are the same tensor
            Gradients d = Gradients.consuming(s.square().sum(), List.of(a, b));
            for (int i = 0; i < 20; i++) a.times(i);
            assertArrayEquals(new double[] {8, 12}, d.get(a).toArray());
            assertArrayEquals(new double[] {8, 12}, d.get(b).toArray());
        }
    }

    @Test void aViewsHoldEndsWithItsFrame() {
        Tensor w = Tensor.of(k, Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
        try (var _ = workspace.open()) {
            Tensor a = w.square(), loss = a.reshape(6).exp().reshape(3, 2).sum();
            Tensor[] gradient = {null};
            record Watch(Tensor x, Tensor[] seen) implements CustomOp {
                @Override public List<Tensor> inputs() {
                    return List.of(x);
                }

                @Override public Shape shape() {
                    return x.shape();
                }

                @Override public void forward(Kernels kernels, gannet.kernel.Storage y) {
                    kernels.map(new gannet.kernel.Unary.Affine(1, 0), x.data(), y);
                }

                @Override public void backward(Tensor y, Tensor dy, Gradients d) {
                    d.of(x, () -> seen[0] = dy.reshape(y.shape().count()).times(2).reshape(y.shape().sizes()));
                }
            }
            Gradients.of(new Watch(w, gradient).apply().square().sum().plus(loss), w);
            assertTrue(gradient[0].data().released(), "the view's gradient was summed into w's and is needed no more");
        }
    }

    @Test void workspacesCloseInnermostFirst() {
        var inner = new Workspace(k);
        workspace.open();
        inner.open();
        assertThrows(IllegalStateException.class, workspace::close);
        inner.close();
        workspace.close();
        assertSame(null, Workspace.current());
    }

    @Test void openTwiceIsRefused() {
        try (var _ = workspace.open()) {
            assertThrows(IllegalStateException.class, workspace::open);
        }
    }

    @Test void outsideEverythingIsGarbageCollected() {
        Tensor x = vector(1, 2);
        assertNotSame(((FloatStorage) x.square().data()).array(), ((FloatStorage) x.square().data()).array());
        assertSame(null, Workspace.current());
    }

    @Test void aStateIsStagedUntilItsOwnersCommit() {
        var state = new State.OfTensor("mean", vector(1, 1));
        assertThrows(IllegalStateException.class, () -> {
            try (var _ = workspace.open()) {
                state.moveTowards(vector(3, 3), 0.5); // no network lists it
            }
        });
        state.owner(this);
        try (var _ = workspace.open()) {
            state.moveTowards(vector(3, 3), 0.5);
            assertArrayEquals(new double[] {1, 1}, state.tensor().toArray());
            workspace.commit(this, Tensor.constant(k, 1));
            assertArrayEquals(new double[] {1, 1}, state.tensor().toArray(), "a refused step commits nothing");
            state.moveTowards(vector(3, 3), 0.5);
            state.moveTowards(vector(6, 6), 0.5);
            workspace.commit(this, Tensor.constant(k, 0));
            assertArrayEquals(new double[] {4, 4}, state.tensor().toArray());
            state.frozen(true);
            state.moveTowards(vector(9, 9), 0.5);
            workspace.commit(this, Tensor.constant(k, 0));
            assertArrayEquals(new double[] {4, 4}, state.tensor().toArray());
        }
    }

    /// What a device that repeats recorded steps relies on.
    @Test void everyOpeningGivesTheSameMemoryInTheSameOrder() {
        Kernels k = new ScalarKernels();
        var workspace = new Workspace(k);
        List<Object> first = null;
        for (int opening = 0; opening < 5; opening++) {
            List<Object> given = new ArrayList<>();
            try (var _ = workspace.open()) {
                Tensor x = Tensor.temporary(k, Shape.of(10), new double[10]);
                for (int i = 0; i < 6; i++) {
                    int frame = Workspace.startFrame();
                    Tensor y = x.plus(1), z = y.times(2), u = z.plus(y);
                    for (Tensor each : List.of(x, y, z, u)) given.add(((FloatStorage) each.data()).array());
                    if (i % 3 == 0) u.data().hold(); // outlives its frame
                    Workspace.endFrame(frame);
                }
                if (opening == 2) for (int i = 0; i < 30; i++) x = x.plus(1); // more memory than before, which comes after it
            }
            if (opening == 0) first = given;
            for (int i = 0; i < given.size(); i++) assertSame(first.get(i), given.get(i), "memory " + i + " in opening " + opening);
        }
    }
}
