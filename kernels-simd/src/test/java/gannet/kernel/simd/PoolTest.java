package gannet.kernel.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PoolTest {
    private static final int[] THREADS = {1, 2, 3, 16};

    @Test void everyPartRunsOnce() {
        for (int threads : THREADS) {
            var pool = new Pool(threads);
            for (int parts : new int[]{0, 1, 2, 3, 7, 100}) {
                for (int again = 0; again < 200; again++) {
                    var runs = new AtomicIntegerArray(parts);
                    pool.run(parts, (part, worker) -> {
                        if (worker >= 0 && worker < threads) runs.incrementAndGet(part);
                    });
                    for (int part = 0; part < parts; part++) assertEquals(1, runs.get(part),
                            "part " + part + " of " + parts + " on " + threads + " threads");
                }
            }
        }
    }

    @Test void whatPartsWroteIsVisible() {
        var pool = new Pool(3);
        int[] written = new int[64];
        for (int round = 1; round < 5000; round++) {
            int now = round;
            pool.run(written.length, (part, _) -> written[part] = now);
            assertEquals(written.length * now, Arrays.stream(written).sum(), "round " + round);
        }
    }

    /// The two parts wait for each other, so they need two threads.
    @Test void partsRunAtTheSameTime() {
        var pool = new Pool(2);
        for (int round = 0; round < 20; round++) {
            var both = new CountDownLatch(2);
            pool.run(2, (_, _) -> {
                both.countDown();
                await(both);
            });
        }
    }

    @Test void aParkedHelperWakesUp() throws InterruptedException {
        var pool = new Pool(2);
        for (int round = 0; round < 5; round++) {
            var both = new CountDownLatch(2);
            pool.run(2, (_, _) -> {
                both.countDown();
                await(both);
            });
            Thread.sleep(20);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test void whatAPartThrowsIsThrown() {
        for (int threads : THREADS) {
            var pool = new Pool(threads);
            var failure = new IllegalArgumentException("part 5");
            assertSame(failure, assertThrows(IllegalArgumentException.class, () -> pool.run(10, (part, _) -> {
                if (part == 5) throw failure;
            })));
            var runs = new AtomicIntegerArray(10);
            pool.run(10, (part, _) -> runs.incrementAndGet(part));
            for (int part = 0; part < 10; part++) assertEquals(1, runs.get(part), "after a failure, on " + threads + " threads");
        }
    }

    @Test void aRegionWithinARegionIsRefused() {
        var pool = new Pool(2);
        for (int parts : new int[] {1, 4})
            assertTrue(assertThrows(IllegalStateException.class, () -> pool.run(2, (_, _) -> pool.run(parts, (_, _) -> {}))).getMessage().contains("not within a region"));
        pool.run(2, (_, _) -> {});
    }

    @Test void aPoolNeedsAThread() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new Pool(0)).getMessage().contains("not 0"));
    }

    @Test void helpersEndWithThePool() throws InterruptedException {
        Thread[] helper = new Thread[1];
        WeakReference<Pool> pool = used(helper);
        for (int tries = 0; tries < 200 && (pool.get() != null || helper[0].isAlive()); tries++) {
            System.gc();
            helper[0].join(20);
        }
        assertEquals(Thread.State.TERMINATED, helper[0].getState());
    }

    /// A pool that has been used, its helper's thread, and nothing that holds the pool.
    private static WeakReference<Pool> used(Thread[] helper) {
        var pool = new Pool(2);
        var both = new CountDownLatch(2);
        pool.run(2, (_, worker) -> {
            if (worker == 1) helper[0] = Thread.currentThread();
            both.countDown();
            await(both);
        });
        return new WeakReference<>(pool);
    }
}
