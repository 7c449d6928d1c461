package witness

import (
	"net/http"
	"testing"

	"github.com/hashicorp/go-azure-sdk/sdk/odata"
)

// extra is what the provider reads of a user beside what every answer has.
var extra = []string{
	"accountEnabled", "ageGroup", "city", "companyName", "consentProvidedForMinor", "country",
	"department", "employeeHireDate", "employeeId", "employeeOrgData", "employeeType", "faxNumber",
	"mailNickname", "onPremisesImmutableId", "otherMails", "passwordPolicies", "postalCode", "state",
	"streetAddress", "usageLocation",
}

// userBody is a body as the provider writes it: what was not configured is null.
func userBody(name string, values object) object {
	body := object{
		"@odata.type":       "#microsoft.graph.user",
		"accountEnabled":    true,
		"displayName":       "Terraform",
		"employeeOrgData":   object{"costCenter": nil, "division": nil},
		"mailNickname":      "terraform",
		"otherMails":        []string{},
		"userPrincipalName": name,
	}
	for _, each := range []string{
		"ageGroup", "city", "consentProvidedForMinor", "companyName", "country", "department",
		"employeeId", "employeeType", "faxNumber", "givenName", "jobTitle", "mail", "mobilePhone",
		"officeLocation", "passwordPolicies", "postalCode", "preferredLanguage", "state",
		"streetAddress", "surname", "usageLocation",
	} {
		body[each] = nil
	}
	for each, value := range values {
		body[each] = value
	}
	return body
}

func TestUser(t *testing.T) {
	p := configure(t)
	domain := p.list("/domains", query{})[0].(object)["id"].(string)
	name := "terraform@" + domain
	made := p.create("/users", userBody(name, object{
		"businessPhones": []string{"+31 20 1234567"},
		"companyName":    "Acme",
		"passwordProfile": object{
			"forceChangePasswordNextSignIn": false, "password": "correct-Horse-battery-7",
		},
		"employeeOrgData": object{"costCenter": "C-7", "division": nil},
	}))
	user := "/users/" + made["id"].(string)
	listed := object{"@odata.type": "#microsoft.graph.user", "showInAddressList": true}
	p.send(p.beta, http.MethodPatch, user, listed, query{}, 200, 204)
	p.wait(user, 200)

	found := p.get(user, query{})
	p.expect("business phones", found["businessPhones"], []string{"+31 20 1234567"})
	p.expect("name", found["userPrincipalName"], name)
	more := p.get(user, query{Select: extra})
	for _, each := range extra {
		if _, there := more[each]; !there {
			t.Fatalf("%s is not in %v", each, more)
		}
	}
	p.expect("company", more["companyName"], "Acme")
	p.expect("cost centre", more["employeeOrgData"].(object)["costCenter"], "C-7")
	hidden := p.send(p.beta, http.MethodGet, user, nil, query{Select: []string{"showInAddressList"}}, 200)
	p.expect("listed", hidden["showInAddressList"], true)
	p.wait(user+"/manager", 404)

	p.update(user, userBody(name, object{"city": "Oslo", "companyName": "Acme", "usageLocation": "NO"}))
	more = p.get(user, query{Select: extra})
	p.expect("city", more["city"], "Oslo")
	p.expect("usage location", more["usageLocation"], "NO")
	for _, filter := range []string{
		"userPrincipalName eq '" + name + "'", "mailNickname eq 'terraform'",
		"mail eq 'nobody@example.com'",
	} {
		p.list("/users", query{Filter: filter})
	}
	p.expect("found", p.ids("/users", query{Filter: "userPrincipalName eq '" + name + "'"}), []any{made["id"]})
	typed := p.get("/directoryObjects/"+made["id"].(string), full)
	p.expect("type", typed["@odata.type"], "#microsoft.graph.user")
	if identified, _ := typed["@odata.id"].(string); odata.Id(identified) == "" {
		t.Fatalf("%v has no @odata.id", typed)
	}
	p.destroy(user)
}
