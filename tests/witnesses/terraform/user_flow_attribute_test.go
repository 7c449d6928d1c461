package witness

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/go-azure-sdk/sdk/odata"
)

func TestUserFlowAttribute(t *testing.T) {
	p := configure(t)
	const attributes = "/identity/userFlowAttributes"
	const typed = "#microsoft.graph.identityUserFlowAttribute"
	name := "Driver's licence"
	named := query{Filter: "displayName eq '" + odata.EscapeSingleQuote(name) + "'"}
	p.expect("what has the name", p.ids(attributes, named), []string{})
	made := p.create(attributes, object{
		"@odata.type": typed, "dataType": "string", "description": "Asked", "displayName": name,
	})
	id := made["id"].(string)
	if !strings.HasPrefix(id, "extension_") {
		t.Fatal(id)
	}
	p.wait(attributes+"/"+id, 200)
	p.expect("what has the name", p.ids(attributes, named), []string{id})
	p.update(attributes+"/"+id, object{"@odata.type": typed, "description": "Asked twice"})
	found := p.get(attributes+"/"+id, query{})
	p.expect("description", found["description"], "Asked twice")
	p.expect("kind", found["userFlowAttributeType"], "custom")
	p.expect("data type", found["dataType"], "string")
	again := p.refused(http.MethodPost, attributes, object{
		"@odata.type": typed, "dataType": "none", "description": "x", "displayName": "x",
	}, 400)
	if !again.Match("dataType") {
		t.Fatal(again)
	}
	p.destroy(attributes + "/" + id)
}
