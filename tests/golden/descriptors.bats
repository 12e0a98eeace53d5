# A captured tree of descriptors: a server with a bit of everything, its client, hostile names, and a
# thread of the kernel that has nothing open.
load golden.bash

fd() {
	intro-fd --procfs descriptors/proc --sysroot descriptors "$@"
}

@test "the default table" {
	same descriptors.default fd
	same descriptors.default.all fd --slots all
	same descriptors.default.named fd 100 200
	same descriptors.default.80 on_terminal 80 intro-fd --procfs descriptors/proc --sysroot descriptors --color=never
}

@test "views" {
	for view in files sharing sockets locks mounts limits full; do
		same "descriptors.view.$view" fd --slots all --view "$view"
	done
}

@test "JSON" {
	same descriptors.json fd -J --slots all
	same descriptors.ndjson fd -j -o pid,fd,slot,kind,name,deleted,detail 300
	same descriptors.all.json fd -J -o all 100
}

@test "raw" {
	same descriptors.raw fd -r --slots all -o pid,slot,fd,name,deleted,detail
}

@test "selections" {
	same descriptors.select fd -n -r -o pid,fd 100 200 --kind pipe,epoll
	same descriptors.select.port fd -n -r -o pid,fd,local,remote --port 8080
	same descriptors.select.tcp fd -n -r -o pid,fd,local,remote --port tcp:50000,udp:53
	same descriptors.select.path fd -n -r -o pid,fd,name /var/log/webd/access.log
	same descriptors.select.below fd -n -r -o pid,fd,slot,name --path /var/
	same descriptors.select.system fd -n -r -o pid,slot,fd --slots mem
	same descriptors.select.slots fd -n -r -o pid,slot,name --slots cwd,exe client
	same descriptors.select.missing fd -o pid,fd 4711 nosuch /nowhere/x --port 1
	same descriptors.select.nothing fd 2
}

@test "mistakes" {
	same descriptors.mistake.kind fd --kind epol
	same descriptors.mistake.slot fd --slots cwd,rot
	same descriptors.mistake.port fd --port https
	same descriptors.mistake.pid fd -p nginx
	same descriptors.mistake.path fd --path ""
}

@test "filters and order" {
	same descriptors.filter fd -o pid,fd,state,local -Q 'state == "LISTEN" or kind == "eventfd"'
	# A list of objects is JSON, also where it is empty.
	same descriptors.filter.lists fd -r -o pid,fd,peers,locks -Q 'json_array_length(peers) >= 0'
	same descriptors.sort fd -o pid,fd,offset --sort -offset,pid -Q 'offset > 0'
}

# The second time it cannot write, and ends.
first_line_of_watch() {
	fd -W0.1 "$@" | head -n 1
}

@test "the header of a watch" {
	same descriptors.watch first_line_of_watch --kind pidfd
	same descriptors.watch.two first_line_of_watch --kind pidfd,eventfd
}
