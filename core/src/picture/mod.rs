//! Layout and scene of the stage at an instant, as SVG.
