# A Spark cluster on this machine alone: one master, two workers of one core each, everything bound to 127.0.0.1.
# Read with `source` after scripts/databases.sh. MEMORY says how much a worker may have.

command -v java >/dev/null || [ -n "${JAVA_HOME:-}" ] || install default-jre-headless
python_with pyspark

SPARK_HOME=$(python -c 'import pyspark, os; print(os.path.dirname(pyspark.__file__))')
export SPARK_HOME SPARK_LOCAL_IP=127.0.0.1 PYSPARK_PYTHON=python
export SPARK_NO_DAEMONIZE=1 SPARK_CONF_DIR=$folder/conf SPARK_LOCAL_DIRS=$folder/scratch
memory=${MEMORY:-1g}
processes=()
mkdir -p "$folder/conf" "$folder/events"

stop_cluster() {
  for process in "${processes[@]}"; do
    kill "$process" 2>/dev/null || true
  done
  wait 2>/dev/null || true
}
at_end() { stop_cluster; }

free_port() { python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# wait_for TEXT FILE HOW_OFTEN: until the text stands so often in the file
wait_for() {
  for _ in $(seq 120); do
    [ "$(grep -c "$1" "$2" 2>/dev/null)" -ge "$3" ] 2>/dev/null && return
    sleep 0.5
  done
  echo "the cluster does not start; its messages:" >&2
  cat "$folder"/*.log >&2
  exit 1
}

start_cluster() {
  local port number
  port=$(free_port)
  master=spark://127.0.0.1:$port
  "$SPARK_HOME/bin/spark-class" org.apache.spark.deploy.master.Master \
    --host 127.0.0.1 --port "$port" --webui-port "$(free_port)" >"$folder/master.log" 2>&1 &
  processes+=($!)
  wait_for 'New state: ALIVE' "$folder/master.log" 1
  for number in 1 2; do
    "$SPARK_HOME/bin/spark-class" org.apache.spark.deploy.worker.Worker "$master" --host 127.0.0.1 --webui-port "$(free_port)" \
      --cores 1 --memory "$memory" --work-dir "$folder/worker-$number" >"$folder/worker-$number.log" 2>&1 &
    processes+=($!)
  done
  wait_for 'Registering worker' "$folder/master.log" 2
}

# on_cluster NAME EXTRACT OPTION…: counts of the extract, by the cluster
on_cluster() {
  local name=$1
  both_ways "$1" "$2" spark "${@:3}"
  ui=$(free_port)
  submit "$name"
}

# Long CASEs are slow to compile as code of their own, and are done by then: hence no whole-stage code.
# submit NAME: with the status interface at the port in `ui`, runs the statements of NAME/sql on NAME/tables; the answer is NAME/counts.csv
submit() {
  spark-submit --master "$master" --name "$1" --executor-memory "$memory" --driver-memory "$memory" \
    --conf spark.driver.host=127.0.0.1 --conf spark.driver.bindAddress=127.0.0.1 --conf spark.ui.port="$ui" \
    --conf spark.scheduler.minRegisteredResourcesRatio=1 --conf spark.scheduler.maxRegisteredResourcesWaitingTime=60s \
    --conf spark.sql.adaptive.enabled=true --conf spark.sql.shuffle.partitions="${PARTITIONS:-4}" \
    --conf spark.sql.codegen.wholeStage=false \
    --conf spark.sql.warehouse.dir="$folder/$1/warehouse" \
    --conf spark.eventLog.enabled=true --conf spark.eventLog.dir="$folder/events" \
    --conf spark.eventLog.rolling.enabled=false --conf spark.eventLog.compress=false \
    scripts/spark/run_statements.py "$folder/$1/sql" "$folder/$1/tables" "$folder/$1/counts.csv" 2>"$folder/$1/spark.log" || {
    tail -n 100 "$folder/$1/spark.log" >&2
    return 1
  }
}
