//! Charts of any numbers at all: none at all, the same ones, far too many people, no numbers, names of anybody's making.

use dqoh::report::chart::*;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

/// A share, or what may come instead of one.
fn share() -> impl Strategy<Value = f64> {
    prop_oneof![6 => 0.0..=1.0_f64, 1 => Just(0.0), 1 => Just(1.0), 1 => Just(f64::NAN), 1 => Just(f64::INFINITY), 1 => Just(-3.0), 1 => 0.4999..0.5001_f64]
}

fn maybe() -> impl Strategy<Value = Option<f64>> {
    option::weighted(0.8, share())
}

fn between() -> impl Strategy<Value = Option<(f64, f64)>> {
    option::of((share(), share()))
}

fn people() -> impl Strategy<Value = u64> {
    prop_oneof![0..50_u64, 0..20_000_u64, any::<u64>()]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[A-Z][a-z]{2,9} (Surgery|Practice)", "\\PC{0,60}", any::<String>()]
}

fn named() -> impl Strategy<Value = Named> {
    ("[A-Y][0-9]{0,2}", text(), prop_oneof![Just("Alpha".to_owned()), Just("Bravo".to_owned()), text()], text())
        .prop_map(|(code, name, locality, words)| Named { code, name, locality, words })
}

fn heading() -> impl Strategy<Value = Heading> {
    (text(), text(), text(), text()).prop_map(|(id, title, subtitle, description)| Heading { id, title, subtitle, description })
}

fn difference() -> impl Strategy<Value = Difference> {
    prop::sample::select(Difference::ALL.to_vec())
}

fn line() -> impl Strategy<Value = Vec<(f64, f64)>> {
    vec((prop_oneof![0.0..2_000.0_f64, Just(f64::NAN)], share()), 0..6)
}

fn own() -> impl Strategy<Value = Option<String>> {
    option::of("[A-Y][0-9]{0,2}")
}

fn limits() -> impl Strategy<Value = FunnelLimits> {
    (line(), line()).prop_map(|(lower, upper)| FunnelLimits { lower, upper })
}

fn benchmark() -> impl Strategy<Value = Option<Benchmark>> {
    option::of((text(), share()).prop_map(|(name, share)| Benchmark { name, share }))
}

fn any_funnel() -> impl Strategy<Value = Option<String>> {
    let point = (named(), option::of(people()), maybe(), difference());
    let point = point.prop_map(|(who, of, share, difference)| FunnelPoint { who, of, share, difference });
    (heading(), vec(point, 0..30), share(), limits(), limits(), option::of(limits()), own(), [text(), text()]).prop_map(
        |(heading, points, centre, near, far, wider, own, [shares, people])| {
            funnel(&Funnel { heading, points, centre, near, far, wider, own, shares, people })
        },
    )
}

fn any_caterpillar() -> impl Strategy<Value = Option<String>> {
    let row = (named(), maybe(), between(), difference());
    let row = row.prop_map(|(who, share, interval, difference)| CaterpillarRow { who, share, interval, difference });
    (heading(), vec(row, 0..12), benchmark(), own(), text())
        .prop_map(|(heading, rows, benchmark, own, shares)| caterpillar(&Caterpillar { heading, rows, benchmark, own, shares }))
}

fn any_spine() -> impl Strategy<Value = Option<String>> {
    let better = prop::sample::select(vec![Better::Higher, Better::Lower, Better::Neither]);
    let told = prop::sample::select(vec![Told::Different, Told::NoDifferent, Told::Unknown]);
    let row = (text(), maybe(), maybe(), share(), prop::array::uniform4(share()), better, told, text());
    let row = row.prop_map(|(name, own, locality, centre, spread, better, told, words)| SpineRow {
        name,
        own,
        locality,
        centre,
        spread,
        better,
        told,
        words,
    });
    (heading(), text(), text(), text(), vec(row, 0..12))
        .prop_map(|(heading, own, all, locality, rows)| spine(&Spine { heading, own, all, locality, rows }))
}

fn any_heatmap() -> impl Strategy<Value = Option<String>> {
    let column = (text(), text(), text()).prop_map(|(name, link, words)| HeatColumn { name, link, words });
    let cell = (maybe(), difference()).prop_map(|(share, difference)| HeatCell { share, difference });
    let row = (named(), vec(cell, 0..6)).prop_map(|(who, cells)| HeatRow { who, cells });
    (heading(), vec(column, 0..5), vec(row, 0..6), own())
        .prop_map(|(heading, columns, rows, own)| heatmap(&Heatmap { heading, columns, rows, own }))
}

fn any_deciles() -> impl Strategy<Value = Option<String>> {
    let deciles = option::weighted(0.7, prop::array::uniform9(0.0..=1.0_f64));
    let time = (text(), deciles, maybe()).prop_map(|(name, deciles, own)| DecileTime { name, deciles, own });
    (heading(), text(), vec(time, 0..12), option::of(named()))
        .prop_map(|(heading, shares, times, own)| decile_lines(&DecileLines { heading, shares, times, own }))
}

fn any_control() -> impl Strategy<Value = Option<String>> {
    let why = prop::sample::select(vec![StandsOut::Beyond, StandsOut::Trend, StandsOut::TwoInThree, StandsOut::Shift]);
    let turn = prop::sample::select(vec![Turn::Better, Turn::Worse, Turn::Neither]);
    let point = (text(), maybe(), between(), option::of(why), turn, text());
    let point =
        point.prop_map(|(time, value, limits, stands_out, turn, words)| ControlPoint { time, value, limits, stands_out, turn, words });
    let stretch = (share(), vec(point, 0..8)).prop_map(|(mean, points)| ControlStretch { mean, points });
    let unit = prop::sample::select(vec![Unit::Share, Unit::Number]);
    (heading(), text(), unit, vec(stretch, 0..4), option::of(prop_oneof![share(), -1e9..1e9_f64]))
        .prop_map(|(heading, values, unit, stretches, target)| control_plot(&ControlPlot { heading, values, unit, stretches, target }))
}

fn any_slope() -> impl Strategy<Value = Option<String>> {
    let end = || option::weighted(0.9, (share(), between()).prop_map(|(share, interval)| SlopeEnd { share, interval }));
    let line = (named(), end(), end(), any::<bool>());
    let line = line.prop_map(|(who, before, after, changed)| SlopeLine { who, before, after, changed });
    (heading(), text(), text(), vec(line, 0..12), own())
        .prop_map(|(heading, before, after, lines, own)| slope(&Slope { heading, before, after, lines, own }))
}

fn any_scatter() -> impl Strategy<Value = Option<String>> {
    let point = (named(), maybe(), maybe(), option::of(people()), any::<bool>());
    let point = point.prop_map(|(who, across, up, people, named)| ScatterPoint { who, across, up, people, named });
    (heading(), text(), text(), vec(point, 0..30), vec((share(), share()), 0..4), text(), own())
        .prop_map(|(heading, across, up, points, line, note, own)| scatter(&Scatter { heading, across, up, points, line, note, own }))
}

fn any_localities() -> impl Strategy<Value = Option<String>> {
    let name = prop_oneof![Just("Alpha".to_owned()), Just("Bravo".to_owned()), text()];
    let row = (name, maybe(), between()).prop_map(|(name, share, interval)| LocalityRow { name, share, interval });
    let practice = (named(), maybe()).prop_map(|(who, share)| PracticeDot { who, share });
    (heading(), text(), vec(row, 0..6), vec(practice, 0..30), benchmark(), own()).prop_map(
        |(heading, shares, localities, practices, benchmark, own)| {
            locality_dots(&LocalityDots { heading, shares, localities, practices, benchmark, own })
        },
    )
}

fn any_waterfall() -> impl Strategy<Value = Option<String>> {
    let kind = prop::sample::select(vec![StepKind::Left, StepKind::Away, StepKind::Found]);
    let step = (text(), people(), kind).prop_map(|(name, people, kind)| Step { name, people, kind });
    (heading(), vec(step, 0..10)).prop_map(|(heading, steps)| waterfall(&Waterfall { heading, steps }))
}

fn any_pathway() -> impl Strategy<Value = Option<String>> {
    let bar = (text(), option::of(people()), maybe()).prop_map(|(name, people, share)| PathwayBar { name, people, share });
    (heading(), text(), vec(bar, 0..8)).prop_map(|(heading, of, bars)| pathway_bars(&PathwayBars { heading, of, bars }))
}

/// Any chart of any numbers; nothing where there is nothing to show.
pub fn any_chart() -> impl Strategy<Value = Option<String>> {
    prop_oneof![
        any_funnel(),
        any_caterpillar(),
        any_spine(),
        any_heatmap(),
        any_deciles(),
        any_control(),
        any_slope(),
        any_scatter(),
        any_localities(),
        any_waterfall(),
        any_pathway(),
    ]
}
