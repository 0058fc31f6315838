package gannet.examples;

import gannet.gan.GanTrainer;
import gannet.gan.Meter;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// One line of `log.jsonl`. Accuracies are NaN, and null in the file, for a critic; `heldOut` is null where nothing was measured.
record Report(long step, double dLoss, double gLoss, double realAccuracy, double fakeAccuracy, double criticGap, double dNorm, double gNorm,
              double imagesPerSecond, double seconds, HeldOut.Figures heldOut) {
    /// The trainer's last step; reads the device.
    static Report of(GanTrainer trainer, double imagesPerSecond, double seconds, HeldOut.Figures heldOut) {
        Meter m = trainer.meter();
        return new Report(trainer.steps(), m.discriminatorLoss(), m.generatorLoss(), m.realAccuracy(), m.fakeAccuracy(), m.criticGap(),
                trainer.discriminator().optimizer().gradientNorm(), trainer.generator().optimizer().gradientNorm(), imagesPerSecond, seconds, heldOut);
    }

    SequencedMap<String, Object> json() {
        var json = new LinkedHashMap<String, Object>();
        json.put("step", step);
        json.put("d_loss", (float) dLoss);
        json.put("g_loss", (float) gLoss);
        json.put("d_accuracy_real", (float) realAccuracy);
        json.put("d_accuracy_fake", (float) fakeAccuracy);
        if (!Double.isNaN(criticGap)) json.put("critic_gap", (float) criticGap);
        json.put("d_gradient_norm", (float) dNorm);
        json.put("g_gradient_norm", (float) gNorm);
        json.put("images_per_second", Math.round(imagesPerSecond));
        json.put("seconds", Math.round(seconds * 100) / 100.0);
        if (heldOut != null) json.put("held_out", heldOut.json());
        return json;
    }

    /// Losses and accuracies for people.
    String line() {
        String losses = "D loss " + Text.fixed(dLoss, 3) + ", G loss " + Text.fixed(gLoss, 3);
        if (Double.isNaN(realAccuracy)) return losses + ", critic gap " + Text.fixed(criticGap, 3);
        return losses + ", D right on " + Text.percent(realAccuracy) + " real, " + Text.percent(fakeAccuracy) + " fake";
    }
}
