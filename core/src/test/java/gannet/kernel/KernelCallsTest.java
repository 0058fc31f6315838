package gannet.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Collection;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Holds the suite's lists to the contract: a new kernel or function fails here until the suite has it.
class KernelCallsTest {
    @Test void everyKernelIsCalled() {
        var called = new TreeSet<String>();
        var reference = new ReferenceKernels();
        InvocationHandler noting = (_, method, arguments) -> {
            called.add(method.getName());
            try {
                return method.invoke(reference, arguments);
            } catch (InvocationTargetException failure) {
                throw failure.getCause();
            }
        };
        var noted = (Kernels) Proxy.newProxyInstance(Kernels.class.getClassLoader(), new Class<?>[]{Kernels.class}, noting);
        for (Call call : KernelCalls.all(KernelCalls.Size.TINY, new Random(1))) Oracle.run(noted, call.operands(), call.run(), call.name());
        Set<String> kernels = Arrays.stream(Kernels.class.getMethods())
                .filter(each -> each.getReturnType() == void.class && !Modifier.isStatic(each.getModifiers()))
                .map(Method::getName).collect(Collectors.toCollection(TreeSet::new));
        kernels.removeAll(Set.of("changed", "kept", "close")); // no kernels
        called.removeAll(Set.of("allocate", "name", "description", "scratch", "elementBytes"));
        assertEquals(kernels, called);
    }

    @Test void everyFunctionIsCalled() {
        assertEquals(kinds(Unary.class), kinds(ElementwiseCalls.unaries()));
        assertEquals(kinds(Binary.class), kinds(ElementwiseCalls.binaries()));
        assertEquals(kinds(Activation.class), kinds(MatrixCalls.activations()));
    }

    private static Set<String> kinds(Class<?> sealed) {
        return Stream.of(sealed.getPermittedSubclasses()).map(Class::getSimpleName).collect(Collectors.toSet());
    }

    private static Set<String> kinds(Collection<?> functions) {
        return functions.stream().filter(Objects::nonNull).map(each -> each.getClass().getSimpleName()).collect(Collectors.toSet());
    }
}
