package gannet.kernel.cuda;

import gannet.kernel.BackEnds;
import gannet.kernel.Kernels;

/// The card that the tests of kernels run on: the fake driver's, or a real one under `-Dgannet.cuda.real=true`.
final class TestDevice {
    private static Kernels opened;

    private TestDevice() {}

    static boolean real() {
        return Boolean.getBoolean("gannet.cuda.real");
    }

    /// The same kernels each time, for all tests of this Java.
    static synchronized Kernels kernels() {
        if (opened == null) opened = fresh();
        return opened;
    }

    /// Kernels of their own. Where there is neither a card nor a C++ compiler the test is skipped, which its report says.
    static Kernels fresh() {
        if (!real()) FakeDriver.build();
        return BackEnds.open("cuda", 1).kernels();
    }
}
