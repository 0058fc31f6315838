package gannet.gan;

import gannet.kernel.FloatStorage;
import gannet.kernel.Kernels;
import gannet.kernel.Repeated;
import gannet.kernel.ScalarKernels;
import gannet.kernel.Storage;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/// The scalar back end, which repeats work as a device with graphs does: work that reads nothing on the host is recorded the second time; from then on it calls
/// the same kernels on the same memory once more, and none of the host's code.
final class ReplayingKernels implements InvocationHandler {
    private record Called(Method method, Object[] arguments) {}

    private final Kernels inner = new ScalarKernels();
    private final Kernels face = (Kernels) Proxy.newProxyInstance(Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, this);
    private List<Called> recording;
    private boolean readOnHost;
    private int replays;

    Kernels kernels() {
        return face;
    }

    /// How often work was repeated without the host.
    int replays() {
        return replays;
    }

    @Override public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        switch (method.getName()) {
            case "allocate" -> {
                return new FloatStorage(face, (int) arguments[0]);
            }
            case "repeated" -> {
                return repeated();
            }
            case "read" -> {
                if (recording != null) readOnHost = true;
            }
            case "equals" -> {
                return proxy == arguments[0];
            }
            case "hashCode" -> {
                return System.identityHashCode(proxy);
            }
            default -> {
                // a kernel, which may be recorded
            }
        }
        if (recording != null && method.getReturnType() == void.class && !method.getName().equals("changed")) recording.add(new Called(method, revived(arguments)));
        return call(method, arguments);
    }

    private Object call(Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(inner, arguments);
        } catch (InvocationTargetException failure) {
            throw failure.getCause();
        }
    }

    /// With handles of its own for storages, and copies of what the host wrote: the handles given will be released, and the memory given out again.
    private static Object[] revived(Object[] arguments) {
        Object[] own = arguments.clone();
        for (int i = 0; i < own.length; i++) {
            if (own[i] instanceof Storage s) own[i] = s.slice(0, s.length());
            if (own[i] instanceof List<?> all) own[i] = all.stream().map(s -> ((Storage) s).slice(0, ((Storage) s).length())).toList();
            if (own[i] instanceof double[] numbers) own[i] = numbers.clone();
        }
        return own;
    }

    private Repeated repeated() {
        List<Called> calls = new ArrayList<>();
        int[] runs = {0};
        return (_, work) -> {
            if (calls.isEmpty()) {
                readOnHost = false;
                recording = runs[0]++ == 0 ? null : calls;
                work.run();
                recording = null;
                if (readOnHost) calls.clear(); // can't be repeated
                return true;
            }
            replays++;
            for (Called each : calls)
                try {
                    call(each.method, each.arguments);
                } catch (Throwable failure) {
                    throw new AssertionError(failure);
                }
            return false;
        };
    }
}
