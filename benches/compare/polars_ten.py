"""The ten in Polars, as expressions: an extract in the canonical form, as CSV or Parquet → counts by measure, practice and line, as CSV.
The same way as ten.sql goes: what is kept of the events, one grouping for each kind of question, one chain of conditions for each indicator.

usage: polars_ten.py FOLDER csv|parquet RULES COUNTS
"""

import os
import sys
from datetime import date
from pathlib import Path

os.environ.setdefault("POLARS_MAX_THREADS", "2")
import polars as pl

from rules import code_sets, values

folder, form, rules, answers = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4])
END, YEAR = date(2017, 3, 31), date(2016, 3, 31)  # "in the last 12 months" is after the second
NINE, THREE, SMEARS = date(2016, 6, 30), date(2016, 12, 31), date(2011, 9, 30)

sets, limits = code_sets(rules), values(rules)
kind = pl.Enum(list(sets))
of_codes = [(code, scheme, name) for name, codes in sets.items() for scheme, code in codes]
codes = pl.LazyFrame(of_codes, schema={"code": pl.String, "scheme": pl.String, "of_set": kind}, orient="row")
of_units = [(name, unit, limit[1], limit[2]) for name, limit in limits.items() for unit in [*limit[0], ""]]
units = pl.LazyFrame(of_units, schema={"of_set": kind, "unit": pl.String, "lowest": pl.Float64, "highest": pl.Float64}, orient="row")

texts = lambda *columns: dict.fromkeys(columns, pl.String)
if form == "csv":
    events = pl.scan_csv(folder / "events.csv", schema=texts("patient_id", "date", "code", "scheme", "value", "unit", "group", "episode"))
    people = pl.scan_csv(
        folder / "patients.csv",
        schema=texts("patient_id", "practice_code", "birth_date", "sex", "registered_on", "deregistered_on", "died_on", "imd_quintile"),
    )
else:
    events, people = pl.scan_parquet(folder / "events.parquet"), pl.scan_parquet(folder / "patients.parquet")


def day(column: str, frame: pl.LazyFrame) -> pl.Expr:
    """A column as a day, which it is already in Parquet."""
    return pl.col(column) if frame.collect_schema()[column] == pl.Date else pl.col(column).str.to_date("%Y-%m-%d", strict=False)


born = day("birth_date", people)
if people.collect_schema()["birth_date"] == pl.String:
    born = pl.when(pl.col("birth_date").str.len_bytes() == 7).then(pl.col("birth_date") + "-01").otherwise(pl.col("birth_date")).str.to_date("%Y-%m-%d")
gone = pl.min_horizontal(day("deregistered_on", people), day("died_on", people))
people = (
    people.select("patient_id", "practice_code", "sex", born=born, registered=day("registered_on", people), gone=gone)
    .filter(pl.col("registered") <= END, pl.col("gone").is_null() | (pl.col("gone") > END))
    .with_row_index("person")
    .with_columns(age=2017 - pl.col("born").dt.year() - ((pl.col("born").dt.month().cast(pl.Int32) * 100 + pl.col("born").dt.day()) > 331).cast(pl.Int32))
    .collect()
    .lazy()
)

# What is kept of the events. A value outside the limits of its set, or in another unit, is none.
value = pl.col("value") if events.collect_schema()["value"] == pl.Float64 else pl.col("value").cast(pl.Float64, strict=False)
hits = (
    events.select("patient_id", "date", "code", "scheme", "value", "unit", "group")
    .filter(pl.col("code").is_in(sorted({code for code, _, _ in of_codes})))  # so that the join has few rows, and Parquet's dictionaries are used
    .join(codes, on=["code", "scheme"])
    .join(people.select("patient_id", "person", "born"), on="patient_id")
    .with_columns(date=day("date", events), unit=pl.col("unit").fill_null("").str.to_lowercase(), value=value)
    .filter(pl.col("date") >= pl.col("born"), pl.col("date") <= END)
    .join(units, on=["of_set", "unit"], how="left")
    .select("person", "of_set", "date", "group", value=pl.when(pl.col("value").is_between("lowest", "highest")).then("value"))
    .collect(engine="streaming")
    .lazy()
)

# A test in one number: the latest day is the largest, of one day a value before none, of several values the lowest.
days = pl.col("date").to_physical().cast(pl.Int64) + 100_000
thousandths = lambda column: (pl.col(column) * 1000).round().cast(pl.Int64)
test = days * 2_000_000 + pl.when(pl.col("value").is_null()).then(0).otherwise(1_999_999 - thousandths("value"))
day_of = lambda column: (pl.col(column) // 2_000_000 - 100_000).cast(pl.Int32).cast(pl.Date)
value_of = lambda column: pl.when(pl.col(column) % 2_000_000 >= 1_000_000).then((1_999_999 - pl.col(column) % 2_000_000) / 1000)


def of(*names: str) -> pl.Expr:
    if len(names) == 1:
        return pl.col("of_set") == names[0]
    return pl.any_horizontal(pl.col("of_set") == name for name in names)


latest = lambda *names: pl.when(of(*names)).then("date").max()
earliest = lambda *names: pl.when(of(*names)).then("date").min()
first_letter = lambda name: pl.when(of(name) & (pl.col("date") > YEAR)).then("date").min()
highest = lambda name: pl.when(of(name)).then("test").max()
facts = (
    hits.filter(~pl.col("of_set").is_in(["BPSYS_COD", "BPDIA_COD", "REV_COD", "RCP_SLEEP_COD", "RCP_DAY_COD", "RCP_ACTIVITY_COD", "ASTHMA_PLAN"]))
    .with_columns(test=test)
    .group_by("person")
    .agg(
        diabetes=latest("DM_COD"),
        first_diabetes=earliest("DM_COD"),
        diabetes_resolved=latest("DMRES_COD"),
        mild=latest("MILDFRAIL_COD"),
        moderate=latest("MODFRAIL_COD"),
        severe=latest("SEVFRAIL_COD"),
        hba1c=highest("IFCCHBAM_COD"),
        fructosamine=latest("SERFRUC_COD"),
        diabetes_maximum=latest("DMMAX_COD"),
        diabetes_unsuitable=latest("DMPCAPU_COD"),
        diabetes_declined=latest("DMPCADEC_COD"),
        blood_test_declined=latest("BLDTESTDEC_COD"),
        diabetes_letter=first_letter("DMINVITE_COD"),
        diabetes_last_letter=latest("DMINVITE_COD"),
        pressure_maximum=latest("HTMAX_COD"),
        pressure_declined=latest("BPDEC_COD"),
        hypertension=latest("HYP_COD"),
        first_hypertension=earliest("HYP_COD"),
        hypertension_resolved=latest("HYPRES_COD"),
        hypertension_unsuitable=latest("HYPPCAPU_COD"),
        hypertension_declined=latest("HYPPCADEC_COD"),
        hypertension_letter=first_letter("HYPINVITE_COD"),
        hypertension_last_letter=latest("HYPINVITE_COD"),
        first_heart=earliest("CHD_COD", "STRK_COD", "TIA_COD"),
        ldl=highest("LDLCCHOL_COD"),
        non_hdl=highest("NONHDLCCHOL_COD"),
        lipid_maximum=latest("CHOLMAX_COD"),
        lipid_declined=latest("CHOLDEC_COD", "BLDTESTDEC_COD"),
        asthma=latest("AST_COD"),
        first_asthma=earliest("AST_COD"),
        asthma_drug=latest("ASTTRT_COD"),
        asthma_resolved=latest("ASTRES_COD"),
        asthma_unsuitable=latest("ASTPCAPU_COD"),
        review_declined=latest("ASTMONDEC_COD"),
        asthma_declined=latest("ASTPCADEC_COD"),
        asthma_letter=first_letter("ASTINVITE_COD"),
        asthma_last_letter=latest("ASTINVITE_COD"),
        psychosis=latest("MH_COD"),
        first_psychosis=earliest("MH_COD"),
        remission=latest("MHREM_COD"),
        mental_plan=latest("SMI_CARE_PLAN"),
        mental_unsuitable=latest("MHPCAPU_COD"),
        mental_declined=latest("MHPCADEC_COD"),
        mental_letter=first_letter("MHINVITE_COD"),
        mental_last_letter=latest("MHINVITE_COD"),
        smear=latest("SMEAR_COD"),
    )
)

# Both values of one reading; of the latest day a group rather than none, the lower systolic, the lower diastolic, in one number.
grouped = pl.col("group").fill_null("") != ""
reading = ((days * 2 + grouped.cast(pl.Int64)) * 1_000_000 + 999_999 - thousandths("systolic")) * 1_000_000 + 999_999 - thousandths("diastolic")
pressures = (
    hits.filter(of("BPSYS_COD", "BPDIA_COD"), pl.col("value").is_not_null(), pl.col("date") > YEAR)
    .group_by("person", "date", "group")
    .agg(systolic=pl.when(of("BPSYS_COD")).then("value").max(), diastolic=pl.when(of("BPDIA_COD")).then("value").max())
    .filter(pl.col("systolic").is_not_null(), pl.col("diastolic").is_not_null())
    .select("person", reading=reading)
    .group_by("person")
    .agg(pl.col("reading").max())
    .select("person", systolic=(999_999 - pl.col("reading") // 1_000_000 % 1_000_000) / 1000, diastolic=(999_999 - pl.col("reading") % 1_000_000) / 1000)
)

# Five codes on one day of the year.
review_codes = ["REV_COD", "RCP_SLEEP_COD", "RCP_DAY_COD", "RCP_ACTIVITY_COD", "ASTHMA_PLAN"]
reviews = (
    hits.filter(of(*review_codes), pl.col("date") > YEAR)
    .group_by("person", "date")
    .agg(codes=pl.col("of_set").n_unique())
    .filter(pl.col("codes") == 5)
    .select("person", reviewed=True)
    .unique()
)


def first_of(*conditions: pl.Expr) -> pl.Expr:
    """The number of the first condition that holds; one more where none does."""
    chain = pl.when(conditions[0].fill_null(False)).then(1)
    for number, condition in enumerate(conditions[1:], 2):
        chain = chain.when(condition.fill_null(False)).then(number)
    return chain.otherwise(len(conditions) + 1).cast(pl.Int32)


c = pl.col
this_year = lambda column: (c(column) > YEAR).fill_null(False)
tested = lambda column: (day_of(column) > YEAR).fill_null(False)
letters = lambda name: (c(f"{name}_last_letter") >= c(f"{name}_letter") + pl.duration(days=7)).fill_null(False)
since = lambda column, day: c(column) > day
frailty = pl.max_horizontal("mild", "moderate", "severe")


def pressure(limit: pl.Expr, diastolic: int, of_illness: str) -> pl.Expr:
    return first_of(
        (c("systolic") <= limit) & (c("diastolic") <= diastolic),
        this_year("pressure_maximum"),
        this_year(f"{of_illness}_unsuitable"),
        this_year("pressure_declined"),
        this_year(f"{of_illness}_declined"),
        letters(of_illness) & c("systolic").is_null(),
        since(f"first_{of_illness}", NINE),
        since("registered", NINE),
    )


counts = (
    people.join(facts, on="person", how="left")
    .join(pressures, on="person", how="left")
    .join(reviews, on="person", how="left")
    .with_columns(
        DM=first_of(c("diabetes").is_null(), c("diabetes_resolved") > c("diabetes"), c("age") < 17),
        HYP=first_of(c("hypertension").is_null(), c("hypertension_resolved") > c("hypertension")),
        AST=first_of(c("asthma").is_null(), ~this_year("asthma_drug"), c("asthma_resolved") > c("asthma"), c("age") < 6),
        heart=first_of(c("first_heart").is_not_null()),
        SMI=first_of(c("psychosis").is_not_null()),
    )
    .select(
        "practice_code",
        "DM",
        "HYP",
        "AST",
        "SMI",
        list=pl.lit(1, pl.Int32),
        **{"CHD-OR-STROKE": c("heart")},
        HBA1C=pl.when(c("DM") == 4).then(
            first_of(
                (c("severe") == frailty).fill_null(False) | (c("moderate") == frailty).fill_null(False),
                tested("hba1c") & (value_of("hba1c") <= 58),
                this_year("fructosamine") & ~tested("hba1c"),
                this_year("diabetes_maximum"),
                this_year("diabetes_unsuitable"),
                this_year("blood_test_declined") | this_year("diabetes_declined"),
                (c("diabetes_letter") > day_of("hba1c")) & letters("diabetes"),
                letters("diabetes") & ~tested("hba1c"),
                since("first_diabetes", NINE),
                since("registered", NINE),
            )
        ),
        **{
            "DM-BP": pl.when(c("DM") == 4).then(pressure(pl.lit(140), 80, "diabetes")),
            "HYP-BP-79": pl.when(c("HYP") == 3).then(pl.when(c("age") < 80).then(pressure(pl.lit(140), 90, "hypertension")).otherwise(0)),
            "HYP-BP-80": pl.when(c("HYP") == 3).then(pl.when(c("age") >= 80).then(pressure(pl.lit(150), 90, "hypertension")).otherwise(0)),
            "AST-REVIEW": pl.when(c("AST") == 5).then(
                first_of(
                    c("reviewed"),
                    this_year("asthma_unsuitable"),
                    this_year("review_declined"),
                    this_year("asthma_declined"),
                    letters("asthma"),
                    since("first_asthma", THREE),
                    since("registered", THREE),
                )
            ),
            "MENTAL-PLAN": pl.when(c("SMI") == 1).then(
                first_of(
                    c("remission") >= c("psychosis"),
                    this_year("mental_plan"),
                    this_year("mental_unsuitable"),
                    this_year("mental_declined"),
                    letters("mental"),
                    since("first_psychosis", THREE),
                    since("registered", THREE),
                )
            ),
        },
        LIPIDS=pl.when(c("heart") == 1).then(
            first_of(
                tested("ldl") & (value_of("ldl") <= 2),
                ~tested("ldl") & tested("non_hdl") & (value_of("non_hdl") <= 2.6),
                this_year("lipid_maximum"),
                this_year("lipid_declined"),
                since("first_heart", NINE),
                since("registered", NINE),
            )
        ),
        SMEAR=first_of((c("sex") != "F").fill_null(True), ~c("age").is_between(50, 64), c("smear") > SMEARS),
    )
    .unpivot(index="practice_code", variable_name="measure", value_name="line")
    .filter(c("line").is_not_null())
    .group_by("measure", "practice_code", "line")
    .agg(people=pl.len())
    .sort("measure", "practice_code", "line")
    .collect(engine="streaming")
)
counts.write_csv(answers)
