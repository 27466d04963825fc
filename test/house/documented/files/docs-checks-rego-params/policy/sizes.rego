package acme.sizes

allowed contains size if some size in data.runtask.params.sizes

allowed contains size if some size in data.more.sizes

deny contains {"msg": sprintf("%s is not allowed", [size]), "address": rc.address} if {
	some rc in input.resource_changes
	rc.type == "aws_instance"
	size := rc.change.after.instance_type
	not size in allowed
}
