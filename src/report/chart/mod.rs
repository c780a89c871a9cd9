//! Numbers and words → charts, as SVG texts for a page; one chart a file. In: what is shown, already worked out and already hidden where it must be.
//! Out: a text, or nothing where there is nothing to show. A chart works out coordinates and nothing else; it knows no file, no practice, no statistic.

mod caterpillar;
mod control_plot;
mod decile_lines;
mod frame;
mod funnel;
mod heatmap;
mod labels;
mod locality_dots;
mod marks;
mod pathway_bars;
mod scale;
mod scatter;
mod slope;
mod spine;
mod waterfall;

pub use caterpillar::{Benchmark, Caterpillar, CaterpillarRow, caterpillar};
pub use control_plot::{ControlPlot, ControlPoint, ControlStretch, StandsOut, Turn, Unit, control_plot};
pub use decile_lines::{DecileLines, DecileTime, decile_lines};
pub use frame::Heading;
pub use funnel::{Funnel, FunnelLimits, FunnelPoint, funnel};
pub use heatmap::{HeatCell, HeatColumn, HeatRow, Heatmap, heatmap};
pub use locality_dots::{LocalityDots, LocalityRow, PracticeDot, locality_dots};
pub use marks::{Difference, Named};
pub use pathway_bars::{PathwayBar, PathwayBars, pathway_bars};
pub use scatter::{Scatter, ScatterPoint, scatter};
pub use slope::{Slope, SlopeEnd, SlopeLine, slope};
pub use spine::{Better, Spine, SpineRow, Told, spine};
pub use waterfall::{Step, StepKind, Waterfall, waterfall};

/// What a page's style says of charts: their box, and what is lit, dimmed and hidden.
pub const STYLE: &str = include_str!("chart.css");
