//! How cells look, and what a workbook says of itself. No colour means anything.

use crate::framework::calendar::Day;
use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, XlsxError};

/// The dark blue of the Analysis Function's palette.
pub(super) const BLUE: Color = Color::RGB(0x0012_436D);
/// Its orange.
pub(super) const ORANGE: Color = Color::RGB(0x00F4_6A25);
/// Its dark grey.
pub(super) const GREY: Color = Color::RGB(0x003D_3D3D);

/// What a workbook says of itself. Its day of making is a day of what it tells, so that the same numbers give the same bytes.
pub(in crate::report) fn properties(title: &str, day: Day) -> Result<DocProperties, XlsxError> {
    Ok(DocProperties::new().set_title(title).set_creation_datetime(&date(day)?))
}

/// A day as workbooks have it.
pub(super) fn date(day: Day) -> Result<ExcelDateTime, XlsxError> {
    let ymd = day.ymd();
    let part = |number: i32| u8::try_from(number).unwrap_or(1);
    ExcelDateTime::from_ymd(u16::try_from(ymd / 10_000).unwrap_or(1900), part(ymd / 100 % 100), part(ymd % 100))
}

/// The title of a sheet.
pub(in crate::report) fn heading() -> Format {
    Format::new().set_bold().set_font_size(14)
}

/// Text in as many lines as it needs, from the top of its cell.
pub(in crate::report) fn wrapped() -> Format {
    Format::new().set_text_wrap().set_align(FormatAlign::Top)
}

/// Formats of cells, made once.
pub(super) struct Formats {
    pub heading: Format,
    pub bold: Format,
    pub header: Format,
    pub wrapped: Format,
    pub text: Format,
    pub mark: Format,
    pub link: Format,
    pub whole: Format,
    pub share: Format,
    pub whole_share: Format,
    pub change: Format,
    pub tenths: Format,
    pub thousandths: Format,
    pub points: Format,
    pub pounds: Format,
    pub day: Format,
}

impl Formats {
    pub fn new() -> Formats {
        let plain = || Format::new().set_align(FormatAlign::Top);
        let light = Color::RGB(0x00D9_D9D9);
        // A thin line under each row, as not every program draws the styles of tables.
        let top = || plain().set_border_bottom(FormatBorder::Thin).set_border_bottom_color(light);
        // A little room at the end, so that no number touches the word beside it.
        let number = |shape: &str| top().set_num_format(shape);
        let header = wrapped().set_bold().set_font_color(Color::White).set_background_color(BLUE);
        Formats {
            heading: heading(),
            bold: plain().set_bold(),
            header,
            wrapped: wrapped().set_border_bottom(FormatBorder::Thin).set_border_bottom_color(light),
            text: top(),
            mark: top().set_align(FormatAlign::Right),
            link: top().set_hyperlink(),
            whole: number("#,##0_)"),
            share: number("0.0%_)"),
            whole_share: number("0%_)"),
            change: number("+0.0_);-0.0_);0.0_)"),
            tenths: number("#,##0.0_)"),
            thousandths: number("0.000_)"),
            points: number("#,##0.00_)"),
            pounds: number("£#,##0.00_)"),
            day: number("d mmmm yyyy").set_align(FormatAlign::Left),
        }
    }
}
