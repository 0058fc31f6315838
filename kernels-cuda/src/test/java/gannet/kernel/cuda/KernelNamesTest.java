package gannet.kernel.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Java and the PTX agree on the kernels: what a family holds by name is there, and none is shipped that nothing asks for. Java's are those that an opened
/// device holds; in tables of them, as [TiledKernels] makes, some may be of no kernel.
class KernelNamesTest {
    private final Set<String> single = new TreeSet<>(), inTables = new TreeSet<>();
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    @Test void areTheSameInJavaAndInThePtx() throws IllegalAccessException {
        FakeDriver.build();
        assertEquals("", new CudaBackEnd().missing());
        for (Precision precision : Precision.values())
            try (var kernels = new CudaKernels(Card.at(0), precision, Graphs.FALSE)) {
                gather(kernels, false);
            }
        assertTrue(single.size() > 10, "found no more than " + single);
        var asked = new TreeSet<>(single);
        asked.addAll(inTables);
        for (int capability : Ptx.VERSIONS.keySet()) {
            Set<String> shipped = shipped(capability);
            assertEquals(Set.of(), without(single, shipped), "kernels that Java asks for and the PTX for capability " + capability + " lacks");
            assertEquals(Set.of(), without(shipped, asked), "kernels in the PTX for capability " + capability + " that nothing asks for");
        }
    }

    private static Set<String> without(Set<String> all, Set<String> some) {
        var left = new TreeSet<>(all);
        left.removeAll(some);
        return left;
    }

    /// A name that two sources share is an error.
    private static Set<String> shipped(int capability) {
        var all = new TreeSet<String>();
        for (Ptx ptx : Ptx.shipped())
            if (ptx.capability() == capability)
                for (String kernel : ptx.kernels()) assertTrue(all.add(kernel), kernel + " is in two sources, " + ptx + " being one");
        return all;
    }

    /// Every [Function] that can be reached from `object` through this package's objects, collections and arrays.
    private void gather(Object object, boolean inTable) throws IllegalAccessException {
        if (object == null || !seen.add(object)) return;
        Class<?> type = object.getClass();
        if (object instanceof Function function) (inTable ? inTables : single).add(function.name());
        else if (object instanceof Collection<?> many) for (Object each : many) gather(each, true);
        else if (object instanceof Map<?, ?> map) gather(map.values(), true);
        else if (type.isArray() && !type.getComponentType().isPrimitive())
            for (int i = 0; i < Array.getLength(object); i++) gather(Array.get(object, i), true);
        else if (type.getPackage() == Function.class.getPackage() && !type.isEnum())
            for (Field field : type.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers()) || field.getType().isPrimitive()) continue;
                field.setAccessible(true);
                gather(field.get(object), inTable);
            }
    }
}
