package gannet.optim;

import gannet.kernel.Storage;
import gannet.kernel.Unary;
import java.util.ArrayList;
import java.util.List;

/// Extragradient over the optimisers of all players: they step to an extrapolated point, take their gradients there, and step by those from where
/// they were, `w' = w − ηF(w)`, `w ← w − ηF(w')`; Korpelevich 1976; Gidel et al. 2019, §3. Over Adam it is their ExtraAdam (Algorithm 4): the moments
/// take in both gradients.
/// ```
/// gather every player's gradient; extragradient.extrapolate(); gather again; extragradient.update();
/// ```
public final class Extragradient {
    private final List<Optimizer> players;
    private final List<Storage> origins = new ArrayList<>();

    /// Between the steps it remembers nothing; each player's memory is its optimiser's.
    public Extragradient(Optimizer... players) {
        this.players = List.of(players);
        for (Optimizer p : players) origins.add(p.network().kernels().allocate(p.network().storage().length()));
    }

    /// Commits what each has gathered, remembering where it started.
    public void extrapolate() {
        for (int i = 0; i < players.size(); i++) {
            copy(players.get(i).network().storage(), origins.get(i));
            players.get(i).commit();
        }
    }

    /// Commits what each has gathered since, from where it started.
    public void update() {
        restore();
        for (Optimizer p : players) p.commit();
    }

    /// Takes the weights back to where [#extrapolate] started; moments that took in its gradient keep it.
    public void restore() {
        for (int i = 0; i < players.size(); i++) {
            Storage w = players.get(i).network().storage();
            copy(origins.get(i), w);
            w.changed();
        }
    }

    private static void copy(Storage from, Storage to) {
        to.kernels().map(new Unary.Affine(1, 0), from, to);
    }
}
