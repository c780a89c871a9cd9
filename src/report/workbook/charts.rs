//! Native charts of an indicator: the funnel, and every practice with its interval. Their series are cells of the same sheet.

use super::formats::{BLUE, GREY, ORANGE};
use super::write::Placed;
use crate::briefing::{Funnel, Indicator, Report, words};
use crate::variation::Flag;
use rust_xlsxwriter::{
    Chart, ChartDataLabel, ChartDataLabelPosition, ChartErrorBars, ChartErrorBarsType, ChartFont, ChartFormat, ChartLegendPosition,
    ChartLine, ChartLineDashType, ChartMarker, ChartMarkerType, ChartRange, ChartSolidFill, ChartType, Color, ObjectMovement, Worksheet,
    XlsxError,
};

/// Rows that charts are high.
const ROWS: u32 = 22;
const ROW_HEIGHT: u32 = 20;
const COLUMN_WIDTH: u32 = 64;
/// The same in characters, rounded up.
const COLUMN_CHARACTERS: u32 = 10;
/// No wider than a page, as sheets of indicators are printed.
const WIDEST: u32 = 24 * COLUMN_WIDTH;
const FUNNEL_WIDTH: u32 = 10 * COLUMN_WIDTH;
/// With more, names of practices would cover each other.
const MOST_NAMED: usize = 12;

/// What charts need to know beside the cells.
pub(super) struct Drawn {
    title: String,
    subject: String,
    told: String,
    shares: &'static str,
    /// Codes of practices that stand out, else nothing, in the order of the points.
    named: Vec<Option<String>>,
    wider: bool,
    /// From where to where the rates are.
    ends: (f64, f64),
    /// Of the rates and of their intervals.
    interval_ends: (f64, f64),
}

/// Where the cells are.
pub(super) struct Places<'n> {
    pub sheet: &'n str,
    pub points: Placed,
    pub limits: Placed,
}

impl Places<'_> {
    fn column(&self, table: Placed, at: u16) -> (&str, u32, u16, u32, u16) {
        let column = table.column + at;
        (self.sheet, table.header + 1, column, table.last, column)
    }

    fn range(&self, table: Placed, at: u16) -> ChartRange {
        let (sheet, first, column, last, last_column) = self.column(table, at);
        ChartRange::new_from_range(sheet, first, column, last, last_column)
    }
}

impl Drawn {
    pub fn of(report: &Report, indicator: &Indicator, funnel: &Funnel) -> Drawn {
        let wider = wider(funnel);
        let stands_out = |at: usize, flag: Flag| {
            let even_so = indicator.practices.get(at).and_then(Option::as_ref).and_then(|one| one.even_so);
            let flag = if wider { even_so.unwrap_or(Flag::NoDifferent) } else { flag };
            matches!(flag, Flag::Lower998 | Flag::Higher998)
        };
        let code = |at: usize| report.practices.get(at).map(|practice| practice.code.clone());
        let named: Vec<Option<String>> =
            funnel.points.iter().map(|(at, _, _, flag)| code(*at).filter(|_| stands_out(*at, *flag))).collect();
        let some = named.iter().flatten().count();
        let flagged = funnel.points.iter().filter(|(_, _, _, flag)| *flag != Flag::NoDifferent).count();
        let shares = funnel.points.iter().map(|(_, _, share, _)| *share);
        let intervals = funnel.points.iter().filter_map(|(at, _, _, _)| indicator.practices.get(*at)?.as_ref()?.rate.interval);
        // What chance does at the largest practices is always seen; where lines leave the chart on the left, they leave it.
        let limits = || {
            let last = funnel.curves.last();
            last.into_iter().flat_map(|curve| {
                let wider = curve.wider.map(|(_, far)| far);
                std::iter::once(curve.at_998).chain(wider).flat_map(|limits| [limits.lower, limits.upper])
            })
        };
        let lowest = |all: &mut dyn Iterator<Item = f64>| all.fold(funnel.centre, f64::min);
        let highest = |all: &mut dyn Iterator<Item = f64>| all.fold(funnel.centre, f64::max);
        Drawn {
            title: indicator.finding.to_owned(),
            subject: format!("{}, {}", indicator.id, report.day),
            told: format!(
                "{}, all together {}: {flagged} outside the 95% limits.",
                words::counted(funnel.points.len() as u64, "practice"),
                words::per_cent(funnel.centre)
            ),
            shares: if indicator.of_a_register { "On the register, of the list" } else { "Achieved, of the denominator" },
            named: if some > MOST_NAMED { vec![None; named.len()] } else { named },
            wider,
            ends: (lowest(&mut shares.clone().chain(limits())), highest(&mut shares.clone().chain(limits()))),
            interval_ends: (lowest(&mut intervals.clone().map(|one| one.lower)), highest(&mut intervals.clone().map(|one| one.upper))),
        }
    }
}

/// Whether limits allow for the spread that all share.
pub(super) fn wider(funnel: &Funnel) -> bool {
    funnel.curves.iter().any(|curve| curve.wider.is_some())
}

/// Columns that the charts of so many practices take.
pub(super) fn columns(practices: usize) -> u16 {
    u16::try_from((FUNNEL_WIDTH + width(practices)) / COLUMN_WIDTH + 3).unwrap_or(u16::MAX)
}

/// Every practice needs room for its code.
fn width(practices: usize) -> u32 {
    let practices = u32::try_from(practices).unwrap_or(u32::MAX);
    practices.saturating_mul(12).saturating_add(100).clamp(FUNNEL_WIDTH, WIDEST)
}

/// Where the second chart begins, beside the first.
fn beside(column: u16) -> u16 {
    column + u16::try_from(FUNNEL_WIDTH / COLUMN_WIDTH + 1).unwrap_or(1)
}

/// Before which columns a new page begins, so that no chart is cut in two, and how many characters across such a page is.
/// The first chart comes at a column, after an empty one.
pub(super) fn pages(column: u16, practices: usize) -> (Vec<u32>, u16) {
    let width = width(practices);
    let alone = width > FUNNEL_WIDTH;
    let breaks = std::iter::once(column.saturating_sub(1)).chain(alone.then(|| beside(column)));
    let columns = if alone { width } else { 2 * FUNNEL_WIDTH } / COLUMN_WIDTH + 2;
    (breaks.map(u32::from).collect(), u16::try_from(columns * COLUMN_CHARACTERS).unwrap_or(u16::MAX))
}

/// Both charts, side by side.
pub(super) fn insert(to: &mut Worksheet, (row, column): (u32, u16), drawn: &Drawn, places: &Places<'_>) -> Result<(), XlsxError> {
    to.insert_chart(row, column, &funnel(drawn, places))?;
    to.insert_chart(row, beside(column), &intervals(drawn, places))?;
    Ok(())
}

fn funnel(drawn: &Drawn, places: &Places<'_>) -> Chart {
    let mut chart = Chart::new(ChartType::ScatterSmooth);
    let limits = places.limits;
    let mut line = |name: &str, at: u16, line: &mut ChartLine| {
        let series = chart.add_series();
        series.set_categories(places.column(limits, 0)).set_values(places.column(limits, at)).set_name(name);
        series.set_format(ChartFormat::new().set_line(line)).set_marker(ChartMarker::new().set_none()).set_smooth(true);
        // Both ends of limits look alike: one name is enough.
        if name.ends_with("lower") {
            series.delete_from_legend(true);
        }
    };
    line("All together", 1, ChartLine::new().set_color(GREY).set_width(1.25));
    let mut pair = |name: &str, at: u16, drawn: fn() -> ChartLine| {
        line(&format!("{name}, lower"), at, &mut drawn());
        line(name, at + 1, &mut drawn());
    };
    pair("95% limits", 2, || drawn_as(GREY, ChartLineDashType::Dash));
    pair("99.8% limits", 4, || drawn_as(GREY, ChartLineDashType::RoundDot));
    if drawn.wider {
        pair("99.8% limits with the spread that all share", 6, || drawn_as(ORANGE, ChartLineDashType::DashDot));
    }
    let points = chart.add_series();
    points.set_categories(places.column(places.points, 1)).set_values(places.column(places.points, 2)).set_name("Practices");
    points.set_format(ChartFormat::new().set_line(ChartLine::new().set_hidden(true))).set_marker(&dots());
    let font = small();
    if drawn.named.iter().any(Option::is_some) {
        let labels: Vec<ChartDataLabel> = drawn
            .named
            .iter()
            .map(|name| match name {
                Some(code) => ChartDataLabel::new().set_value(code.as_str()).set_font(&font).to_custom(),
                None => ChartDataLabel::new().set_hidden().to_custom(),
            })
            .collect();
        points.set_data_label(ChartDataLabel::new().show_value().set_position(ChartDataLabelPosition::Right).set_font(&font));
        points.set_custom_data_labels(&labels);
    }
    let (from, to) = axis(drawn.ends);
    titled(&mut chart, &format!("{}: {}", drawn.title, drawn.subject), (FUNNEL_WIDTH, "People counted", drawn.shares));
    chart.x_axis().set_min(0).set_num_format("#,##0").set_major_gridlines(false);
    chart.y_axis().set_min(from).set_max(to);
    chart.set_name(format!("Funnel {}", drawn.subject)).set_alt_text(format!("Funnel of {} {}.", drawn.told, drawn.title));
    chart
}

/// Every practice with its interval, by locality and code.
fn intervals(drawn: &Drawn, places: &Places<'_>) -> Chart {
    let mut chart = Chart::new(ChartType::Line);
    let points = places.points;
    let mut bars = ChartErrorBars::new();
    bars.set_type(ChartErrorBarsType::Custom(places.range(points, 4), places.range(points, 3)));
    bars.set_format(ChartFormat::new().set_line(ChartLine::new().set_color(BLUE).set_width(1)));
    let rates = chart.add_series();
    rates.set_categories(places.column(points, 0)).set_values(places.column(points, 2)).set_name("Rate, with 95% interval");
    rates.set_format(ChartFormat::new().set_line(ChartLine::new().set_hidden(true))).set_marker(&dots()).set_y_error_bars(&bars);
    let all = chart.add_series();
    all.set_categories(places.column(points, 0)).set_values(places.column(points, 5)).set_name("All together");
    all.set_format(ChartFormat::new().set_line(ChartLine::new().set_color(GREY).set_width(1.25))).set_marker(ChartMarker::new().set_none());
    let (from, to) = axis(drawn.interval_ends);
    let title = format!("Every practice with its 95% interval, by locality and code: {}", drawn.subject);
    titled(&mut chart, &title, (width(drawn.named.len()), "Practice", drawn.shares));
    chart.x_axis().set_font(small().set_rotation(-90));
    if width(drawn.named.len()) < WIDEST {
        // There is room for every code.
        chart.x_axis().set_label_interval(1);
    }
    chart.y_axis().set_min(from).set_max(to);
    chart
        .set_name(format!("Intervals {}", drawn.subject))
        .set_alt_text(format!("Rates with 95% intervals of {} The table beside it has the numbers.", drawn.told));
    chart
}

fn titled(chart: &mut Chart, title: &str, (width, across, up): (u32, &str, &str)) {
    let mut bold = ChartFont::new();
    bold.set_size(11).set_bold();
    chart.title().set_name(title).set_font(&bold).set_overlay(false);
    let mut plain = ChartFont::new();
    plain.set_size(9).unset_bold();
    chart.x_axis().set_name(across).set_name_font(&plain);
    chart.y_axis().set_name(up).set_name_font(&plain).set_num_format("0%");
    let light = Color::RGB(0x00D9_D9D9);
    chart.y_axis().set_major_gridlines(true).set_major_gridlines_line(ChartLine::new().set_color(light).set_width(0.5));
    chart.legend().set_position(ChartLegendPosition::Bottom).set_font(&small());
    chart.set_width(width).set_height((ROWS - 1) * ROW_HEIGHT);
    // Rows that a filter hides neither press a chart together nor take its lines away.
    chart.set_object_movement(ObjectMovement::MoveButDontSizeWithCells).show_hidden_data();
}

fn drawn_as(color: Color, dash: ChartLineDashType) -> ChartLine {
    let mut line = ChartLine::new();
    line.set_color(color).set_width(1).set_dash_type(dash);
    line
}

fn dots() -> ChartMarker {
    let mut marker = ChartMarker::new();
    let mut format = ChartFormat::new();
    format.set_solid_fill(ChartSolidFill::new().set_color(BLUE)).set_border(ChartLine::new().set_color(Color::White).set_width(0.5));
    marker.set_type(ChartMarkerType::Circle).set_size(7).set_format(&mut format);
    marker
}

fn small() -> ChartFont {
    let mut font = ChartFont::new();
    font.set_size(8);
    font
}

/// From and to whole steps around what is drawn.
fn axis((lowest, highest): (f64, f64)) -> (f64, f64) {
    let steps = if highest - lowest > 0.2 { 10.0 } else { 50.0 };
    let from = ((steps * lowest - 0.2).floor() / steps).max(0.0);
    let to = ((steps * highest + 0.2).ceil() / steps).min(1.0);
    (from, to)
}
