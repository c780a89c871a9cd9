-- The ten indicators of benches/ten, by hand, for DuckDB: one scan of the events that keeps what any indicator asks for,
-- then one grouping for each kind of question, then a CASE for each indicator that yields the line that decides.
-- Before it runs there are
--   events   patient_id, date, code, scheme, value, unit, grouped: as they are read
--   patients patient_id, practice_code, born, sex, registered, gone (the day of leaving or of death, the earlier one)
--   codes    code, scheme, of_set (an ENUM), and of sets whose values are asked for: units, lowest, highest
-- Period: 1 April 2016 to 31 March 2017, as at its last day. "In the last 12 months" is after 31 March 2016, and so on.

-- A test in one number: the latest day is the largest, of one day a value before none, of several values the lowest. Values have three decimals at most.
CREATE TEMP MACRO test(date, value) AS
  (date - DATE '1800-01-01') * 2000000 + CASE WHEN value IS NULL THEN 0 ELSE 1999999 - round(value * 1000)::BIGINT END;
CREATE TEMP MACRO day_of(test) AS DATE '1800-01-01' + (test // 2000000)::INTEGER;
CREATE TEMP MACRO value_of(test) AS CASE WHEN test % 2000000 >= 1000000 THEN (1999999 - test % 2000000) / 1000 END;
-- A reading in one number: the latest day, then one with a group, then the lowest systolic, then the lowest diastolic.
CREATE TEMP MACRO reading_of(date, grouped, systolic, diastolic) AS
  (((date - DATE '1800-01-01') * 2 + (grouped IS NOT NULL)::BIGINT) * 1000000 + 999999 - round(systolic * 1000)::BIGINT) * 1000000
    + 999999 - round(diastolic * 1000)::BIGINT;
CREATE TEMP MACRO systolic_of(reading) AS (999999 - reading // 1000000 % 1000000) / 1000;
CREATE TEMP MACRO diastolic_of(reading) AS (999999 - reading % 1000000) / 1000;
CREATE TEMP MACRO this_year(date) AS coalesce(date > DATE '2016-03-31', false);
CREATE TEMP MACRO bit_of(name) AS 1::BIGINT << enum_code(name::code_set);
CREATE TEMP MACRO in_year(year, name) AS coalesce(year & bit_of(name) <> 0, false);
CREATE TEMP MACRO two_letters(first, last) AS coalesce(last >= first + 7, false);

CREATE TEMP TABLE people AS
SELECT row_number() OVER ()::INTEGER AS person, patient_id, practice_code, born, sex = 'F' AS female, registered,
       2017 - year(born) - (month(born) * 100 + day(born) > 331)::INTEGER AS age
FROM patients
WHERE registered <= DATE '2017-03-31' AND (gone IS NULL OR gone > DATE '2017-03-31');

-- A code that several sets hold gives several rows. A value outside the limits of its set, or in another unit, is none.
-- The order of joins is given: of a CSV file DuckDB does not know how many rows it has, and would build its hash table of all events.
-- Days and numbers are only made of what is kept.
SET disabled_optimizers = 'join_order,build_side_probe_side';
CREATE TEMP TABLE hits AS
SELECT person, of_set, date, grouped,
       CASE WHEN TRY_CAST(value AS DOUBLE) BETWEEN lowest AND highest AND (unit IS NULL OR list_contains(units, lower(unit)))
            THEN TRY_CAST(value AS DOUBLE) END AS value
FROM (
  SELECT person, born, of_set, TRY_CAST(e.date AS DATE) AS date, grouped, value, unit, units, lowest, highest
  FROM events e
  JOIN codes c ON c.code = e.code AND c.scheme = e.scheme
  JOIN people p ON p.patient_id = e.patient_id
)
WHERE date BETWEEN born AND DATE '2017-03-31';
SET disabled_optimizers = '';

-- At most one of each kind a person. What only has to be there this year is one bit of one number. Of a test the latest day counts, of that day
-- a value rather than none, and the lowest: all three in one number, of which the largest is taken.
CREATE TEMP TABLE facts AS
SELECT person,
       bit_or(bit_of(of_set)) FILTER (date > DATE '2016-03-31') AS year,
       max(date) FILTER (of_set = 'DM_COD') AS diabetes,
       min(date) FILTER (of_set = 'DM_COD') AS first_diabetes,
       max(date) FILTER (of_set = 'DMRES_COD') AS diabetes_resolved,
       max(date) FILTER (of_set = 'MILDFRAIL_COD') AS mild,
       max(date) FILTER (of_set = 'MODFRAIL_COD') AS moderate,
       max(date) FILTER (of_set = 'SEVFRAIL_COD') AS severe,
       max(test(date, value)) FILTER (of_set = 'IFCCHBAM_COD') AS hba1c,
       min(date) FILTER (of_set = 'DMINVITE_COD' AND date > DATE '2016-03-31') AS diabetes_letter,
       max(date) FILTER (of_set = 'DMINVITE_COD') AS diabetes_last_letter,
       max(date) FILTER (of_set = 'HYP_COD') AS hypertension,
       min(date) FILTER (of_set = 'HYP_COD') AS first_hypertension,
       max(date) FILTER (of_set = 'HYPRES_COD') AS hypertension_resolved,
       min(date) FILTER (of_set = 'HYPINVITE_COD' AND date > DATE '2016-03-31') AS hypertension_letter,
       max(date) FILTER (of_set = 'HYPINVITE_COD') AS hypertension_last_letter,
       min(date) FILTER (of_set IN ('CHD_COD', 'STRK_COD', 'TIA_COD')) AS first_heart,
       max(test(date, value)) FILTER (of_set = 'LDLCCHOL_COD') AS ldl,
       max(test(date, value)) FILTER (of_set = 'NONHDLCCHOL_COD') AS non_hdl,
       max(date) FILTER (of_set = 'AST_COD') AS asthma,
       min(date) FILTER (of_set = 'AST_COD') AS first_asthma,
       max(date) FILTER (of_set = 'ASTRES_COD') AS asthma_resolved,
       min(date) FILTER (of_set = 'ASTINVITE_COD' AND date > DATE '2016-03-31') AS asthma_letter,
       max(date) FILTER (of_set = 'ASTINVITE_COD') AS asthma_last_letter,
       max(date) FILTER (of_set = 'MH_COD') AS psychosis,
       min(date) FILTER (of_set = 'MH_COD') AS first_psychosis,
       max(date) FILTER (of_set = 'MHREM_COD') AS remission,
       min(date) FILTER (of_set = 'MHINVITE_COD' AND date > DATE '2016-03-31') AS mental_letter,
       max(date) FILTER (of_set = 'MHINVITE_COD') AS mental_last_letter,
       max(date) FILTER (of_set = 'SMEAR_COD') AS smear
FROM hits
WHERE of_set NOT IN ('BPSYS_COD', 'BPDIA_COD', 'REV_COD', 'RCP_SLEEP_COD', 'RCP_DAY_COD', 'RCP_ACTIVITY_COD', 'ASTHMA_PLAN')
GROUP BY person;

-- Both values of one reading: of each group of each day the highest of each kind, if both are there. Then the latest day; of that day a group
-- rather than none, the lower systolic, the lower diastolic: again as one number.
CREATE TEMP TABLE pressures AS
SELECT person, max(reading_of(date, grouped, systolic, diastolic)) AS reading
FROM (
  SELECT person, date, grouped,
         max(value) FILTER (of_set = 'BPSYS_COD') AS systolic, max(value) FILTER (of_set = 'BPDIA_COD') AS diastolic
  FROM hits
  WHERE of_set IN ('BPSYS_COD', 'BPDIA_COD') AND value IS NOT NULL AND date > DATE '2016-03-31'
  GROUP BY person, date, grouped
)
WHERE systolic IS NOT NULL AND diastolic IS NOT NULL
GROUP BY person;

-- Five codes on one day of the year.
CREATE TEMP TABLE five AS
SELECT DISTINCT person
FROM (
  SELECT person
  FROM hits
  WHERE of_set IN ('REV_COD', 'RCP_SLEEP_COD', 'RCP_DAY_COD', 'RCP_ACTIVITY_COD', 'ASTHMA_PLAN') AND date > DATE '2016-03-31'
  GROUP BY person, date
  HAVING count(DISTINCT of_set) = 5
);

CREATE TEMP TABLE counts AS
WITH wide AS (
  SELECT people.practice_code, people.age, people.female, people.registered, facts.* EXCLUDE person, reading, five.person IS NOT NULL AS reviewed,
         CASE WHEN diabetes IS NULL THEN 1 WHEN diabetes_resolved > diabetes THEN 2 WHEN age < 17 THEN 3 ELSE 4 END AS dm,
         CASE WHEN hypertension IS NULL THEN 1 WHEN hypertension_resolved > hypertension THEN 2 ELSE 3 END AS hyp,
         CASE WHEN asthma IS NULL THEN 1 WHEN NOT in_year(year, 'ASTTRT_COD') THEN 2 WHEN asthma_resolved > asthma THEN 3 WHEN age < 6 THEN 4 ELSE 5 END AS ast,
         CASE WHEN first_heart IS NOT NULL THEN 1 ELSE 2 END AS chd_or_stroke,
         CASE WHEN psychosis IS NOT NULL THEN 1 ELSE 2 END AS smi
  FROM people LEFT JOIN facts USING (person) LEFT JOIN pressures USING (person) LEFT JOIN five USING (person)
),
lines AS (
  SELECT practice_code, 1 AS list, dm AS "DM", hyp AS "HYP", ast AS "AST", chd_or_stroke AS "CHD-OR-STROKE", smi AS "SMI",
         CASE WHEN dm = 4 THEN CASE
           WHEN severe = greatest(mild, moderate, severe) OR moderate = greatest(mild, moderate, severe) THEN 1
           WHEN this_year(day_of(hba1c)) AND value_of(hba1c) <= 58 THEN 2
           WHEN in_year(year, 'SERFRUC_COD') AND NOT this_year(day_of(hba1c)) THEN 3
           WHEN in_year(year, 'DMMAX_COD') THEN 4
           WHEN in_year(year, 'DMPCAPU_COD') THEN 5
           WHEN in_year(year, 'BLDTESTDEC_COD') OR in_year(year, 'DMPCADEC_COD') THEN 6
           WHEN diabetes_letter > day_of(hba1c) AND two_letters(diabetes_letter, diabetes_last_letter) THEN 7
           WHEN two_letters(diabetes_letter, diabetes_last_letter) AND NOT this_year(day_of(hba1c)) THEN 8
           WHEN first_diabetes > DATE '2016-06-30' THEN 9
           WHEN registered > DATE '2016-06-30' THEN 10
           ELSE 11 END END AS "HBA1C",
         CASE WHEN dm = 4 THEN CASE
           WHEN systolic_of(reading) <= 140 AND diastolic_of(reading) <= 80 THEN 1
           WHEN in_year(year, 'HTMAX_COD') THEN 2
           WHEN in_year(year, 'DMPCAPU_COD') THEN 3
           WHEN in_year(year, 'BPDEC_COD') THEN 4
           WHEN in_year(year, 'DMPCADEC_COD') THEN 5
           WHEN two_letters(diabetes_letter, diabetes_last_letter) AND reading IS NULL THEN 6
           WHEN first_diabetes > DATE '2016-06-30' THEN 7
           WHEN registered > DATE '2016-06-30' THEN 8
           ELSE 9 END END AS "DM-BP",
         CASE WHEN hyp = 3 THEN CASE
           WHEN systolic_of(reading) <= CASE WHEN age < 80 THEN 140 ELSE 150 END AND diastolic_of(reading) <= 90 THEN 1
           WHEN in_year(year, 'HTMAX_COD') THEN 2
           WHEN in_year(year, 'HYPPCAPU_COD') THEN 3
           WHEN in_year(year, 'BPDEC_COD') THEN 4
           WHEN in_year(year, 'HYPPCADEC_COD') THEN 5
           WHEN two_letters(hypertension_letter, hypertension_last_letter) AND reading IS NULL THEN 6
           WHEN first_hypertension > DATE '2016-06-30' THEN 7
           WHEN registered > DATE '2016-06-30' THEN 8
           ELSE 9 END END AS hyp_bp,
         CASE WHEN age < 80 THEN hyp_bp WHEN hyp = 3 THEN 0 END AS "HYP-BP-79",
         CASE WHEN age >= 80 THEN hyp_bp WHEN hyp = 3 THEN 0 END AS "HYP-BP-80",
         CASE WHEN chd_or_stroke = 1 THEN CASE
           WHEN this_year(day_of(ldl)) AND value_of(ldl) <= 2 THEN 1
           WHEN NOT this_year(day_of(ldl)) AND this_year(day_of(non_hdl)) AND value_of(non_hdl) <= 2.6 THEN 2
           WHEN in_year(year, 'CHOLMAX_COD') THEN 3
           WHEN in_year(year, 'CHOLDEC_COD') OR in_year(year, 'BLDTESTDEC_COD') THEN 4
           WHEN first_heart > DATE '2016-06-30' THEN 5
           WHEN registered > DATE '2016-06-30' THEN 6
           ELSE 7 END END AS "LIPIDS",
         CASE WHEN ast = 5 THEN CASE
           WHEN reviewed THEN 1
           WHEN in_year(year, 'ASTPCAPU_COD') THEN 2
           WHEN in_year(year, 'ASTMONDEC_COD') THEN 3
           WHEN in_year(year, 'ASTPCADEC_COD') THEN 4
           WHEN two_letters(asthma_letter, asthma_last_letter) THEN 5
           WHEN first_asthma > DATE '2016-12-31' THEN 6
           WHEN registered > DATE '2016-12-31' THEN 7
           ELSE 8 END END AS "AST-REVIEW",
         CASE WHEN smi = 1 THEN CASE
           WHEN remission >= psychosis THEN 1
           WHEN in_year(year, 'SMI_CARE_PLAN') THEN 2
           WHEN in_year(year, 'MHPCAPU_COD') THEN 3
           WHEN in_year(year, 'MHPCADEC_COD') THEN 4
           WHEN two_letters(mental_letter, mental_last_letter) THEN 5
           WHEN first_psychosis > DATE '2016-12-31' THEN 6
           WHEN registered > DATE '2016-12-31' THEN 7
           ELSE 8 END END AS "MENTAL-PLAN",
         CASE WHEN NOT coalesce(female, false) THEN 1 WHEN age < 50 OR age >= 65 THEN 2 WHEN smear > DATE '2011-09-30' THEN 3 ELSE 4 END AS "SMEAR"
  FROM wide
)
SELECT measure, practice_code, line, count(*) AS people
FROM (UNPIVOT (SELECT * EXCLUDE hyp_bp FROM lines) ON * EXCLUDE practice_code INTO NAME measure VALUE line)
GROUP BY ALL;
