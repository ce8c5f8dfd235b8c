// Small histories to try the page with, in the two grammars that are met most: a register that
// answers with a value that was overwritten, and a key-value store that does not.

/** A history that comes along. */
export interface Example {
  readonly label: string;
  readonly name: string;
  readonly text: string;
}

const STALE_READ = `; a register: three clients, one of them reads from a replica that lags
{:process 0, :type :invoke, :f :write, :value 1}
{:process 1, :type :invoke, :f :read, :value nil}
{:process 0, :type :ok, :f :write, :value 1}
{:process 1, :type :ok, :f :read, :value 1}
{:process 2, :type :invoke, :f :cas, :value [1 2]}
{:process :nemesis, :type :info, :f :partition, :value "replica"}
{:process 0, :type :invoke, :f :write, :value 3}
{:process 2, :type :ok, :f :cas, :value [1 2]}
{:process 1, :type :invoke, :f :read, :value nil}
{:process 1, :type :ok, :f :read, :value 2}
{:process 2, :type :invoke, :f :read, :value nil}
{:process 0, :type :ok, :f :write, :value 3}
{:process 2, :type :ok, :f :read, :value 3}
{:process 1, :type :invoke, :f :read, :value nil}
{:process 0, :type :invoke, :f :write, :value 4}
{:process 1, :type :ok, :f :read, :value 2}
{:process :nemesis, :type :info, :f :heal, :value nil}
{:process 0, :type :info, :f :write, :value 4, :error :timeout}
`;

const CARTS = `{:process 0, :type :invoke, :f :put, :key "ann", :value "tea"}
{:process 1, :type :invoke, :f :append, :key "ann", :value "+milk"}
{:process 2, :type :invoke, :f :put, :key "bob", :value "rice"}
{:process 0, :type :ok, :f :put, :key "ann", :value "tea"}
{:process 2, :type :ok, :f :put, :key "bob", :value "rice"}
{:process 0, :type :invoke, :f :get, :key "ann", :value nil}
{:process 2, :type :invoke, :f :get, :key "bob", :value nil}
{:process 0, :type :ok, :f :get, :key "ann", :value "tea"}
{:process 1, :type :ok, :f :append, :key "ann", :value "+milk"}
{:process 2, :type :ok, :f :get, :key "bob", :value "rice"}
{:process 1, :type :invoke, :f :get, :key "ann", :value nil}
{:process 0, :type :invoke, :f :append, :key "bob", :value "+salt"}
{:process 1, :type :ok, :f :get, :key "ann", :value "tea+milk"}
`;

export const EXAMPLES: readonly Example[] = [
  { label: "A stale read", name: "stale-read.edn", text: STALE_READ },
  { label: "Two keys, all well", name: "carts.txt", text: CARTS },
];
