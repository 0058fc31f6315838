package gannet.gan;

/// The learning rates of a game in which D learns faster than G, so that it stays near its optimum without extra steps; Heusel et al. 2017.
public record TwoTimeScales(double generator, double discriminator) {
    /// G 1e-4, D 4e-4, with [gannet.optim.Adam#SAGAN]; Zhang et al. 2019 (SAGAN), §4.
    public static final TwoTimeScales SAGAN = new TwoTimeScales(1e-4, 4e-4);
}
