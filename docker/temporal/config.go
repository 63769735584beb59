package main

import (
	"fmt"
	"net"
	"strconv"
	"time"

	"go.temporal.io/server/common/cluster"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/membership/static"
	"go.temporal.io/server/common/persistence/sql/sqlplugin/postgresql"
	"go.temporal.io/server/common/primitives"
	"go.temporal.io/server/temporal"
)

const (
	loopback        = "127.0.0.1"
	clusterName     = "active"
	mainStore       = "main"
	visibilityStore = "visibility"
)

// serverConfig describes the server and says where each of its services listens.
func serverConfig(o options) (*config.Config, map[primitives.ServiceName]static.Hosts, error) {
	services, hosts, err := listeners(o)
	if err != nil {
		return nil, nil, err
	}
	cfg := &config.Config{
		Services:            services,
		Persistence:         persistence(o),
		PublicClient:        config.PublicClient{HostPort: dialAddress(o.address)},
		DCRedirectionPolicy: config.DCRedirectionPolicy{Policy: "noop"},
		ClusterMetadata: &cluster.Config{
			FailoverVersionIncrement: 10,
			MasterClusterName:        clusterName,
			CurrentClusterName:       clusterName,
			ClusterInformation: map[string]cluster.ClusterInformation{clusterName: {
				Enabled: true, InitialFailoverVersion: 1, RPCAddress: dialAddress(o.address),
			}},
		},
	}
	cfg.Global.Membership = config.Membership{MaxJoinDuration: 30 * time.Second, BroadcastAddress: o.hostIP}
	cfg.Archival.History.State = "disabled"
	cfg.Archival.Visibility.State = "disabled"
	cfg.NamespaceDefaults.Archival.History.State = "disabled"
	cfg.NamespaceDefaults.Archival.Visibility.State = "disabled"
	return cfg, hosts, nil
}

// listeners says where each service listens, and who its hosts are.
func listeners(o options) (map[string]config.Service, map[primitives.ServiceName]static.Hosts, error) {
	if !o.alone() {
		services, err := gossipingServices(o)
		return services, nil, err
	}
	return staticServices(o)
}

// staticServices gives the frontend its asked address and every other service a free one. This
// process is the whole cluster, so its hosts are known: nothing has to gossip, and after a crash
// nobody waits for the dead process to be forgotten.
func staticServices(o options) (map[string]config.Service, map[primitives.ServiceName]static.Hosts, error) {
	services := map[string]config.Service{}
	hosts := map[primitives.ServiceName]static.Hosts{}
	for _, name := range temporal.DefaultServices {
		address := o.address
		if name != string(primitives.FrontendService) {
			var err error
			if address, err = chooseAddress(net.JoinHostPort(loopback, "0")); err != nil {
				return nil, nil, err
			}
		}
		host, port := splitAddress(address)
		services[name] = config.Service{RPC: config.RPC{BindOnIP: host, GRPCPort: port}}
		hosts[primitives.ServiceName(name)] = static.SingleLocalHost(dialAddress(address))
	}
	return services, hosts, nil
}

// gossipingServices derives every port from the frontend's. Processes that find each other through
// the database learn addresses, not ports: a service has one port, the same on all its hosts.
func gossipingServices(o options) (map[string]config.Service, error) {
	const (
		membershipOffset = 100
		maxPort          = 1<<15 - 1 // the membership table keeps ports in a signed 16-bit column
	)
	_, first := splitAddress(o.address)
	services := map[string]config.Service{}
	for i, name := range temporal.DefaultServices { // the frontend comes first
		port := first + i
		if port+membershipOffset > maxPort {
			return nil, fmt.Errorf("services run apart need a frontend port below %d", maxPort-membershipOffset-i)
		}
		services[name] = config.Service{RPC: config.RPC{
			BindOnIP: o.hostIP, GRPCPort: port, MembershipPort: port + membershipOffset,
		}}
	}
	return services, nil
}

// persistence places both stores in one PostgreSQL cluster.
func persistence(o options) config.Persistence {
	return config.Persistence{
		NumHistoryShards: int32(o.historyShards), //nolint:gosec // a few, checked to be positive
		DefaultStore:     mainStore,
		VisibilityStore:  visibilityStore,
		DataStores: map[string]config.DataStore{
			mainStore:       {SQL: sqlConfig(o, mainDatabase, o.maxConns)},
			visibilityStore: {SQL: sqlConfig(o, visibilityDatabase, visibilityConns(o.maxConns))},
		},
	}
}

// sqlConfig opens one database with our own pool; the strings only satisfy the server's checks.
func sqlConfig(o options, database string, maxConns int) *config.SQL {
	return &config.SQL{
		PluginName:      postgresql.PluginNamePGX,
		DatabaseName:    database,
		ConnectAddr:     "see-connect",
		ConnectProtocol: "tcp",
		Connect:         connector(o.databaseURL, database, maxConns),
	}
}

// visibilityConns is a quarter of the store's: visibility is written in the background and read
// only by operators.
func visibilityConns(maxConns int) int { return max(1, maxConns/4) }

// dialAddress is where clients on this machine reach a listening address.
func dialAddress(address string) string {
	host, port := splitAddress(address)
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = loopback
	}
	return net.JoinHostPort(host, strconv.Itoa(port))
}

// splitAddress takes apart an address made by chooseAddress, which is therefore well-formed.
func splitAddress(address string) (string, int) {
	host, port, _ := net.SplitHostPort(address)
	number, _ := strconv.Atoi(port)
	return host, number
}
