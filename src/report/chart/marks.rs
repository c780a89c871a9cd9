//! Points: whom they stand for, in which shape, and whether they differ. Shape and colour say the same, so that either is enough.

use super::frame::{Canvas, OWN, PEER, STRONG, Spot, escape, tenth, written};
use serde::Deserialize;

/// Whoever a point stands for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// The practice's code, by which a page finds its points: `data-practice`. Empty for what is no practice.
    #[serde(default)]
    pub code: String,
    /// As it is written beside a point.
    pub name: String,
    /// `data-locality`.
    #[serde(default)]
    pub locality: String,
    /// Said when the point is hovered over; nothing is where this is empty.
    #[serde(default)]
    pub words: String,
}

/// How a practice compares with all together: more than chance, or not. Not whether that is good.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Difference {
    /// Below the 99.8 per cent limit.
    FarBelow,
    /// Below the 95 per cent limit.
    Below,
    /// Within both limits.
    #[default]
    Within,
    /// Above the 95 per cent limit.
    Above,
    /// Above the 99.8 per cent limit.
    FarAbove,
}

impl Difference {
    /// All, from below to above.
    pub const ALL: [Difference; 5] = [Difference::FarBelow, Difference::Below, Difference::Within, Difference::Above, Difference::FarAbove];

    /// For styles.
    pub fn class(self) -> &'static str {
        match self {
            Difference::FarBelow => "far-below",
            Difference::Below => "below",
            Difference::Within => "within",
            Difference::Above => "above",
            Difference::FarAbove => "far-above",
        }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Difference::FarBelow => "far below",
            Difference::Below => "below",
            Difference::Within => "no different",
            Difference::Above => "above",
            Difference::FarAbove => "far above",
        }
    }

    /// As a sign beside a number.
    pub fn sign(self) -> &'static str {
        match self {
            Difference::FarBelow => "▼",
            Difference::Below => "▽",
            Difference::Within => "",
            Difference::Above => "△",
            Difference::FarAbove => "▲",
        }
    }

    fn shape(self) -> Shape {
        match self {
            Difference::FarBelow | Difference::Below => Shape::Down,
            Difference::Within => Shape::Circle,
            Difference::Above | Difference::FarAbove => Shape::Up,
        }
    }

    fn fill(self) -> &'static str {
        match self {
            Difference::FarBelow | Difference::FarAbove => STRONG,
            Difference::Below | Difference::Above => "#ffffff",
            Difference::Within => PEER,
        }
    }
}

/// What the shapes of practices mean, of those that are there.
pub(super) fn meaning(differences: impl IntoIterator<Item = Difference>) -> String {
    let (mut near, mut far) = (false, false);
    for difference in differences {
        near |= matches!(difference, Difference::Below | Difference::Above);
        far |= matches!(difference, Difference::FarBelow | Difference::FarAbove);
    }
    let limits = match (near, far) {
        (false, false) => return String::new(),
        (true, false) => "beyond the 95% limits",
        (false, true) => "beyond the 99.8% limits",
        (true, true) => "hollow beyond the 95% limits, full beyond the 99.8% limits",
    };
    format!("Triangles differ from all by more than chance: {limits}.")
}

/// What a mark looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Circle,
    Up,
    Down,
    Diamond,
    Square,
}

/// Whose a mark is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    Own,
    AnyOther,
}

impl Whose {
    /// Whether a code is that of the reader.
    pub fn of(code: &str, own: Option<&str>) -> Whose {
        if !code.is_empty() && own == Some(code) { Whose::Own } else { Whose::AnyOther }
    }
}

impl Canvas {
    /// A practice, by how it compares.
    pub fn practice(&mut self, at: Spot, who: &Named, difference: Difference, whose: Whose) {
        let (size, look) = match (whose, difference) {
            (Whose::Own, _) => (7.5, format!("fill=\"{OWN}\" stroke=\"#1d2125\" stroke-width=\"1.5\"")),
            (Whose::AnyOther, Difference::Within) => (4.0, format!("fill=\"{PEER}\" stroke=\"#ffffff\" stroke-width=\"0.5\"")),
            (Whose::AnyOther, _) => (5.5, format!("fill=\"{}\" stroke=\"{STRONG}\" stroke-width=\"1.5\"", difference.fill())),
        };
        let own = if whose == Whose::Own { " own" } else { "" };
        self.mark(at, difference.shape(), size, &format!("point {}{own}", difference.class()), who, &look);
    }

    /// Practices that are nobody in particular, as one path: a page of one practice has many charts with many of them.
    pub fn peers(&mut self, spots: &[Spot]) {
        if !spots.is_empty() {
            let dots: String = spots.iter().map(|(x, y)| format!("M{} {}h0", tenth(*x), tenth(*y))).collect();
            self.put(&format!(
                "<path class=\"peers\" d=\"{dots}\" fill=\"none\" stroke=\"{PEER}\" stroke-width=\"8\" stroke-linecap=\"round\"/>"
            ));
        }
    }

    /// A mark of any shape, so far from its middle to its rim.
    pub fn mark(&mut self, at: Spot, shape: Shape, size: f64, class: &str, who: &Named, look: &str) {
        let (x, y) = at;
        let corners: &[Spot] = match shape {
            Shape::Circle => &[],
            Shape::Up => &[(-1.0, 0.8), (0.0, -1.0), (1.0, 0.8)],
            Shape::Down => &[(-1.0, -0.8), (0.0, 1.0), (1.0, -0.8)],
            Shape::Diamond => &[(-1.0, 0.0), (0.0, -1.0), (1.0, 0.0), (0.0, 1.0)],
            Shape::Square => &[(-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8)],
        };
        let (name, form) = if corners.is_empty() {
            ("circle", format!("cx=\"{}\" cy=\"{}\" r=\"{}\"", tenth(x), tenth(y), tenth(size)))
        } else {
            let spots: Vec<Spot> = corners.iter().map(|(across, down)| (x + across * size, y + down * size)).collect();
            ("polygon", format!("points=\"{}\"", written(&spots)))
        };
        let end = if who.words.is_empty() { "/>".to_owned() } else { format!("><title>{}</title></{name}>", escape(&who.words)) };
        self.put(&format!("<{name} {form} class=\"{class}\"{} {look}{end}", found_by(who)));
    }
}

/// The attributes by which a page finds what is a practice's.
pub(super) fn found_by(who: &Named) -> String {
    let attribute = |name: &str, value: &str| if value.is_empty() { String::new() } else { format!(" data-{name}=\"{}\"", escape(value)) };
    attribute("practice", &who.code) + &attribute("locality", &who.locality)
}
