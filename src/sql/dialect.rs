//! What differs between databases, as a few small questions. Whatever all of them understand is written once, elsewhere.

/// A database's way of writing what is not the same everywhere.
pub trait Dialect {
    /// Its name, as `--dialect` takes it.
    fn name(&self) -> &'static str;

    /// The type of a whole number of 64 bits.
    fn integer(&self) -> &'static str {
        "BIGINT"
    }

    /// The type of a text.
    fn text(&self) -> &'static str {
        "VARCHAR"
    }

    /// Makes a table and loads it from a CSV file with a header, in which an empty cell is nothing.
    fn load(&self, table: &str, columns: &[(&str, bool)]) -> String;

    /// The columns of a table with their types.
    fn columns(&self, columns: &[(&str, bool)]) -> String {
        let types = columns.iter().map(|(name, whole)| format!("{name} {}", if *whole { self.integer() } else { self.text() }));
        types.collect::<Vec<_>>().join(", ")
    }

    /// Makes a table out of a query. The tables of a run may stay for looking at.
    fn create(&self, table: &str, query: &str) -> String {
        format!("DROP TABLE IF EXISTS {table};\nCREATE TABLE {table} AS\n{query};\n")
    }
}

/// SQLite, the witness that runs inside the tests.
#[derive(Clone, Copy, Debug)]
pub struct Sqlite;

impl Dialect for Sqlite {
    fn name(&self) -> &'static str {
        "sqlite"
    }

    fn integer(&self) -> &'static str {
        "INTEGER"
    }

    fn text(&self) -> &'static str {
        "TEXT"
    }

    fn load(&self, table: &str, columns: &[(&str, bool)]) -> String {
        // The shell's import makes empty texts, never nothing.
        let whole = columns.iter().filter(|(_, whole)| *whole);
        let nothing: Vec<String> = whole.map(|(name, _)| format!("{name} = NULLIF({name}, '')")).collect();
        let nothing = if nothing.is_empty() { String::new() } else { format!("UPDATE {table} SET {};\n", nothing.join(", ")) };
        format!(
            "DROP TABLE IF EXISTS {table};\nCREATE TABLE {table} ({});\n.import --csv --skip 1 {table}.csv {table}\n{nothing}",
            self.columns(columns)
        )
    }
}

/// DuckDB.
#[derive(Clone, Copy, Debug)]
pub struct DuckDb;

impl Dialect for DuckDb {
    fn name(&self) -> &'static str {
        "duckdb"
    }

    fn load(&self, table: &str, columns: &[(&str, bool)]) -> String {
        format!(
            "DROP TABLE IF EXISTS {table};\nCREATE TABLE {table} ({});\nCOPY {table} FROM '{table}.csv' (HEADER, NULLSTR '');\n",
            self.columns(columns)
        )
    }
}

/// Spark SQL, which Databricks and Foundry run too.
#[derive(Clone, Copy, Debug)]
pub struct Spark;

impl Dialect for Spark {
    fn name(&self) -> &'static str {
        "spark"
    }

    fn text(&self) -> &'static str {
        "STRING"
    }

    fn load(&self, table: &str, columns: &[(&str, bool)]) -> String {
        format!(
            "DROP TABLE IF EXISTS {table}_csv;\nCREATE TABLE {table}_csv ({}) USING CSV OPTIONS (path '{table}.csv', header 'true', nullValue '', emptyValue '');\n{}",
            self.columns(columns),
            self.create(table, &format!("SELECT * FROM {table}_csv"))
        )
    }

    fn create(&self, table: &str, query: &str) -> String {
        format!("DROP TABLE IF EXISTS {table};\nCREATE TABLE {table} USING PARQUET AS\n{query};\n")
    }
}

/// A text as SQL writes it.
pub fn text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
