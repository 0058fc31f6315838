package gannet.gan.remedy;

import gannet.nn.Layer;
import gannet.tensor.Randoms;
import gannet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Differentiable augmentation: D sees every image, real and fake, in both turns, through random transformations, so that it can't learn few real
/// images by heart; Zhao et al. 2020, §3 and eq. 4–5. For `Objective.seenThrough`. What is drawn is drawn for each image.
public record DiffAugment(List<Augmentation> policy, Randoms randoms) implements Layer {
    public DiffAugment {
        policy = List.copyOf(policy);
        if (policy.isEmpty()) throw new IllegalArgumentException("augmentation by nothing: name a policy, such as color,translation,cutout");
    }

    /// The paper's names, joined by commas: color, translation, cutout.
    public static List<Augmentation> policy(String names) {
        List<Augmentation> policy = new ArrayList<>();
        for (String name : names.split(",", -1)) {
            List<Augmentation> next = switch (name.strip()) {
                case "color" -> List.of(Augmentation.BRIGHTNESS, Augmentation.SATURATION, Augmentation.CONTRAST);
                case "translation" -> List.of(Augmentation.TRANSLATION);
                case "cutout" -> List.of(Augmentation.CUTOUT);
                default -> throw new IllegalArgumentException("augmentation '" + name + "' is unknown: color, translation and cutout are there, joined by commas");
            };
            if (policy.containsAll(next)) throw new IllegalArgumentException("augmentation '" + name + "' is named twice");
            policy.addAll(next);
        }
        return List.copyOf(policy);
    }

    @Override public Tensor apply(Tensor x) {
        Augmentation.requireImages("DiffAugment", x);
        Tensor y = x;
        for (Augmentation a : policy) y = a.apply(y, randoms, null);
        return y;
    }
}
