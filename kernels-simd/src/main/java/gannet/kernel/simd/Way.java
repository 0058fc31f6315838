package gannet.kernel.simd;

import static gannet.kernel.simd.MicroKernel.COLUMNS;

import gannet.kernel.ConvShape;

/// The ways to compute a convolution, its input gradient and its weight gradient, and which is taken for a shape: the first that suits it.
enum Way {
    /// A window is one pixel or the whole image: a plain product ([Gemm]).
    PRODUCT,
    /// Up to 4 channels in the image, panels of them in the result, as at a network's ends: in place ([FewChannels], [OverlapAdd]).
    FEW_CHANNELS,
    /// Few on both sides: channels apart, a vector is neighbouring pixels ([Planar], [PlanarRule]).
    PLANAR,
    /// Panels of channels on both sides, 2 or 3 taps a phase: fewer multiplications ([WinogradConvolution], [WinogradWeight]).
    WINOGRAD,
    /// For an input gradient only: a product whose rows are added up ([OverlapAdd]), where that takes fewer multiplications: if y is so small that tiles would mostly read padding, or if x is
    /// larger than y and its stride.
    OVERLAP_ADD,
    /// Everything else: windows read where they lie, in tiles of the [MicroKernel] ([Blocks], [Phases]).
    TILES;

    static Way conv(ConvShape s) {
        if (Convolution.product(s) != null) return PRODUCT;
        if (FewChannels.suits(s)) return FEW_CHANNELS;
        if (PlanarRule.conv(s)) return PLANAR;
        return WinogradConvolution.suits(s) ? WINOGRAD : TILES;
    }

    static Way convInput(ConvShape s) {
        if (Convolution.product(s) != null) return PRODUCT;
        if (FewChannels.suits(s)) return FEW_CHANNELS;
        if (PlanarRule.convInput(s)) return PLANAR;
        if (WinogradConvolution.suitsInput(s)) return WINOGRAD;
        return OverlapAdd.cost(s) < phasesCost(s) ? OVERLAP_ADD : TILES;
    }

    static Way convWeight(ConvShape s) {
        if (Convolution.product(s) != null) return PRODUCT;
        if (FewChannels.suits(s)) return FEW_CHANNELS;
        if (PlanarRule.convWeight(s)) return PLANAR;
        return WinogradWeight.suits(s) ? WINOGRAD : TILES;
    }

    /// Multiplications of [Phases] on whole tiles.
    private static double phasesCost(ConvShape s) {
        double taps = (double) s.kh() * s.kw() / (s.strideH() * s.strideW());
        return (double) s.n() * s.h() * s.w() * taps * s.o() * Packing.panels(s.c()) * COLUMNS;
    }
}
