package gannet.tensor;

/// An operation of the user's own: implement it as a record, and hold it to its gradient with [GradientCheck].
public non-sealed interface CustomOp extends Operation {}
