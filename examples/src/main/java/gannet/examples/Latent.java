package gannet.examples;

import gannet.gan.Prior;
import gannet.tensor.Randoms;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// How a run's z is distributed. Both are usual (Brock et al. 2019, §3.1). Normal is the default though DCGAN's paper has the other: in the lab `prior`, a game in the
/// plane, the two differ by less than seeds do, and most later work has the normal one.
enum Latent {
    /// N(0, I).
    NORMAL {
        @Override Prior of(Randoms randoms, String use, int size) {
            return Prior.normal(randoms, use, size);
        }
    },
    /// U(−1, 1) in each dimension; Radford et al. 2016, §4.
    UNIFORM {
        @Override Prior of(Randoms randoms, String use, int size) {
            return Prior.uniform(randoms, use, size);
        }
    };

    static final List<String> IDS = Arrays.stream(values()).map(Latent::id).toList();

    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Latent named(String id) {
        return values()[IDS.indexOf(id)];
    }

    /// z of `size` dimensions, drawn for `use`.
    abstract Prior of(Randoms randoms, String use, int size);
}
