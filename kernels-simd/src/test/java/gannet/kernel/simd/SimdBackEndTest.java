package gannet.kernel.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import gannet.kernel.BackEnd;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class SimdBackEndTest {
    @Test void isFoundAndOpens() {
        BackEnd simd = ServiceLoader.load(BackEnd.class).stream().map(ServiceLoader.Provider::get).filter(each -> each.name()
                .equals("simd")).findFirst().orElseThrow();
        assertEquals("", simd.missing());
        assertInstanceOf(SimdKernels.class, simd.open(2));
    }
}
