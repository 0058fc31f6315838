package gannet.examples;

import gannet.examples.Options.Option;
import java.util.ArrayList;
import java.util.List;

/// The keys of `config.json`, which are the options of `train`.
final class Keys {
    static final String RECIPE = "recipe";

    /// In the order of `config.json`. What a default depends on is said in words.
    static final List<Option> ALL = List.of(
            Options.text("data", "DIR", null, "a folder of Fashion-MNIST or MNIST files (the embedded 10,000 images)"),
            Options.whole("steps", "N", null, "generator steps in all (2000, unless --time is given)"),
            Options.text("time", "T", null, "end after this time of training: 90s, 10m, 2h"),
            Options.whole("batch", "N", 64L, "images in a batch"),
            Options.whole("seed", "N", 0L, "of weights, z and the order of the data"),
            Options.text("prior", "NAME", Latent.NORMAL.id(), "z's distribution: normal or, as in the DCGAN paper, uniform in (-1, 1)"),
            Options.text("device", "NAME", null, "auto, scalar, simd or cuda (system property gannet.device, else auto)"),
            Options.text("precision", "NAME", null, "of cuda's products: fp32, or on tensor cores tf32 or tf32x3 (system property gannet.precision, else fp32)"),
            Options.whole("threads", "N", null, "worker threads (all processors)"),
            Options.number("lr-g", "X", null, "the generator's learning rate (2e-4; for Wasserstein 1e-4 with a gradient penalty, else 5e-5)"),
            Options.number("lr-d", "X", null, "the discriminator's (the same); two time scales as Zhang et al. 2019 (SAGAN) have them: --lr-g 1e-4 --lr-d 4e-4 --beta1 0 --beta2 0.9"),
            Options.text("lr-schedule", "NAME", "constant", "both rates: constant, linear (to 0 in the second half), cosine (to 0) or exponential (to a hundredth)"),
            Options.whole("schedule-steps", "N", null, "over how many steps schedules run (the run's first --steps, whatever is added later)"),
            Options.text("optimizer", "NAME", null, "adam, optimistic-adam, extra-adam, rmsprop or, with rates of your own, sgd (adam; for Wasserstein without a gradient penalty rmsprop)"),
            Options.number("beta1", "B", null, "how much of its mean gradient adam keeps from step to step (0.5; for Wasserstein 0)"),
            Options.number("beta2", "B", null, "how much of its mean square (0.999; for Wasserstein 0.9)"),
            Options.text("loss", "NAME", "modified-minimax", "one of the losses above"),
            Options.number("smooth", "T", null, "one-sided label smoothing: D's target for real images; the paper's is 0.9"),
            Options.text("penalty", "NAME[:W]", null, "one of the penalties above, or several joined by +, each with a weight (its paper's); roth:0.1:anneal lets Roth's fall to a hundredth"),
            Options.number("clip", "C", null, "bound the discriminator's weights to ±C; the WGAN paper's is 0.01"),
            Options.text("alternate", "D:G[epochs]", null, "discriminator steps (or epochs) to generator steps (1:1; for Wasserstein 5:1)"),
            Options.text("norm-d", "NAME", null, "the discriminator's: batch, layer, spectral or none (the recipe's; none with a penalty on gradients, where the WGAN-GP paper advises layer)"),
            Options.whole("unroll", "K", null, "the generator meets the discriminator K steps ahead"),
            Options.whole("pack", "M", null, "the discriminator sees M images at a time"),
            Options.flag("minibatch-stddev", "before D's last layer, how much the images of a batch differ, in groups of 4 (or, where these don't divide it, the whole batch)"),
            Options.text("noise", "S[:DECAY]", null, "noise of deviation S on all that D sees; DECAY to 0: linear or exponential"),
            Options.optional("augment", "NAMES", "color,translation,cutout", "all that D sees is augmented: color,translation,cutout or some of them (all), or ada"),
            Options.whole("replay", "N", null, "half of D's fakes are earlier ones, from a pool of N; CycleGAN's is 50"),
            Options.number("ema", "B", null, "also keep an average of the generator's weights, B of it left at each step, for grids and samples (none; with classes 0.995)"),
            Options.whole("accumulate", "N", null, "the gradients of N batches make a step"),
            Options.flag("preflight", "first see that D, alone, can tell the untrained generator's images; if not, exit 6"),
            Options.whole("save-every", "N", 200L, "steps from checkpoint to checkpoint"),
            Options.whole("sample-every", "N", 100L, "steps from sample grid to sample grid"),
            Options.text("condition", "NAME", null, "how recipe cgan is told the class: concat, projection or acgan (concat)"),
            Options.text("from", "RUN", null, "start from another run's weights"));

    /// The keys that the bits of a run depend on, which a checkpoint records and a resumed run must not change.
    static final List<String> BITS = List.of(RECIPE, "batch", "seed", "prior", "lr-g", "lr-d", "lr-schedule", "schedule-steps", "optimizer", "beta1", "beta2", "loss", "smooth", "penalty", "clip",
            "alternate", "norm-d", "unroll", "pack", "minibatch-stddev", "noise", "augment", "replay", "ema", "accumulate", "condition");

    /// The keys whose defaults depend on others: on the recipe, the loss, the penalty and the optimiser.
    static final List<String> DERIVED = List.of("lr-g", "lr-d", "beta1", "beta2", "alternate", "norm-d", "ema", "condition");

    private Keys() {}

    /// The declaration of a key of `config.json`.
    static Option named(String name) {
        if (name.equals(RECIPE)) return Options.text(RECIPE, "NAME", Recipe.DCGAN.id(), "");
        for (Option option : ALL) if (option.name().equals(name)) return option;
        var names = new ArrayList<>(ALL.stream().map(Option::name).toList());
        names.add(RECIPE);
        throw new UsageException("there is no setting '" + name + "'; did you mean '" + Options.nearest(name, names) + "'?");
    }
}
