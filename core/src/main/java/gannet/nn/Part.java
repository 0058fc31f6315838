package gannet.nn;

/// Something with weights and state that a [Network] can own.
public interface Part<P extends Part<P>> {
    /// The same part over what `parts` gives for each weight, state and inner part, all of which it names. The one method by which weights are listed,
    /// gathered into one storage, and replaced.
    P with(Parts parts);
}
