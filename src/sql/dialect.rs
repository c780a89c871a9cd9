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
}

/// DuckDB.
#[derive(Clone, Copy, Debug)]
pub struct DuckDb;

impl Dialect for DuckDb {
    fn name(&self) -> &'static str {
        "duckdb"
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

    fn create(&self, table: &str, query: &str) -> String {
        format!("DROP TABLE IF EXISTS {table};\nCREATE TABLE {table} USING PARQUET AS\n{query};\n")
    }
}

/// A text as SQL writes it.
pub fn text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
