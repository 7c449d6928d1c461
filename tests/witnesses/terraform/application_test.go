package witness

import (
	"net/http"
	"testing"
	"time"
)

// applicationBody is a body as the provider writes it: what was not configured is null or empty.
func applicationBody(p *provider, name string) object {
	return object{
		"@odata.type": "#microsoft.graph.application",
		"api": object{
			"acceptMappedClaims": nil, "knownClientApplications": []string{},
			"oauth2PermissionScopes": []object{}, "requestedAccessTokenVersion": 1,
		},
		"appRoles":              []object{},
		"displayName":           name,
		"groupMembershipClaims": nil,
		"identifierUris":        []string{},
		"info": object{
			"marketingUrl": nil, "privacyStatementUrl": nil, "supportUrl": nil,
			"termsOfServiceUrl": nil,
		},
		"isDeviceOnlyAuthSupported": false,
		"isFallbackPublicClient":    false,
		"notes":                     nil,
		"oauth2RequirePostResponse": false,
		"optionalClaims": object{
			"accessToken": []object{}, "idToken": []object{}, "saml2Token": []object{},
		},
		"owners@odata.bind":          []string{p.address(p.objectID)},
		"publicClient":               object{"redirectUris": []string{}},
		"requiredResourceAccess":     []object{},
		"serviceManagementReference": nil,
		"signInAudience":             "AzureADMyOrg",
		"spa":                        object{"redirectUris": []string{}},
		"tags":                       []string{},
		"web": object{
			"homePageUrl": nil, "logoutUrl": nil, "redirectUris": []string{},
			"implicitGrantSettings": object{
				"enableAccessTokenIssuance": false, "enableIdTokenIssuance": false,
			},
		},
	}
}

func anApplication(p *provider, name string) (string, object) {
	made := p.create("/applications", applicationBody(p, name))
	application := "/applications/" + made["id"].(string)
	for _, each := range []string{"TERRAFORM_UPDATE_0", name} {
		p.update(application, object{"@odata.type": "#microsoft.graph.application", "displayName": each})
	}
	return application, made
}

func TestApplication(t *testing.T) {
	p := configure(t)
	application, made := anApplication(p, "It's a shop")
	p.wait(application, 200)
	p.expect("found", p.ids("/applications", query{Filter: "displayName eq 'It''s a shop'"}), []any{made["id"]})
	p.expect("found", p.ids("/applications", query{Filter: "appId eq '" + made["appId"].(string) + "'"}), []any{made["id"]})
	p.expect("owners", p.ids(application+"/owners", full), []string{p.objectID})
	post := p.send(p.beta, http.MethodGet, application, nil, query{Select: []string{"oauth2RequirePostResponse"}}, 200)
	p.expect("post", post["oauth2RequirePostResponse"], false)

	uri := "api://" + made["appId"].(string)
	scope, role := "5a3f4c1e-0f3e-4c0e-9d7e-1f7a52a8a001", "5a3f4c1e-0f3e-4c0e-9d7e-1f7a52a8a002"
	p.update(application, object{
		"identifierUris": []string{uri},
		"api": object{"oauth2PermissionScopes": []object{{
			"adminConsentDescription": "Reads", "adminConsentDisplayName": "Read", "id": scope,
			"isEnabled": true, "type": "User", "userConsentDescription": nil,
			"userConsentDisplayName": nil, "value": "read",
		}}},
		"appRoles": []object{{
			"allowedMemberTypes": []string{"Application"}, "description": "Runs",
			"displayName": "Run", "id": role, "isEnabled": true, "value": "run",
		}},
		"optionalClaims": object{
			"accessToken": []object{}, "saml2Token": []object{}, "idToken": []object{{
				"additionalProperties": []string{}, "essential": false, "name": "email", "source": nil,
			}},
		},
		"spa": object{"redirectUris": []string{"https://shop.example/"}},
		"web": object{"redirectUris": []string{"https://shop.example/callback"}},
	})
	p.expect("found", p.ids("/applications", query{Filter: "identifierUris/any(uri:uri eq '" + uri + "')"}), []any{made["id"]})
	found := p.get(application, query{})
	p.expect("scope", found["api"].(object)["oauth2PermissionScopes"].([]any)[0].(object)["id"], scope)
	p.expect("role", found["appRoles"].([]any)[0].(object)["id"], role)
	p.expect("claim", found["optionalClaims"].(object)["idToken"].([]any)[0].(object)["name"], "email")

	now := time.Now().UTC()
	added := p.send(p.stable, http.MethodPost, application+"/addPassword", object{
		"passwordCredential": object{
			"displayName":   "first",
			"startDateTime": now.Format(time.RFC3339),
			"endDateTime":   now.AddDate(1, 0, 0).Format(time.RFC3339),
		},
	}, query{}, 200)
	if added["secretText"] == nil || added["keyId"] == nil {
		t.Fatal(added)
	}
	kept := p.get(application, query{})["passwordCredentials"].([]any)[0].(object)
	p.expect("secret", kept["keyId"], added["keyId"])
	removal := object{"keyId": added["keyId"]}
	p.send(p.stable, http.MethodPost, application+"/removePassword", removal, query{}, 204)
	p.expect("secrets", p.get(application, query{})["passwordCredentials"], []any{})

	// Neither is taken away while it can be used.
	p.update(application, object{"appRoles": []object{{
		"allowedMemberTypes": []string{"Application"}, "description": "Runs",
		"displayName": "Run", "id": role, "isEnabled": false, "value": "run",
	}}})
	p.update(application, object{"appRoles": []object{}})
	p.destroy(application)
}

func TestServicePrincipal(t *testing.T) {
	p := configure(t)
	application, made := anApplication(p, "Back end")
	byApp := query{Filter: "appId eq '" + made["appId"].(string) + "'"}
	p.expect("principals", p.ids("/servicePrincipals", byApp), []string{})
	created := p.create("/servicePrincipals", object{
		"@odata.type":                "#microsoft.graph.servicePrincipal",
		"accountEnabled":             true,
		"alternativeNames":           []string{},
		"appId":                      made["appId"],
		"appRoleAssignmentRequired":  false,
		"description":                "TERRAFORM_UPDATE_1",
		"loginUrl":                   nil,
		"notes":                      nil,
		"notificationEmailAddresses": []string{},
		"owners@odata.bind":          []string{p.address(p.objectID)},
		"preferredSingleSignOnMode":  nil,
		"samlSingleSignOnSettings":   nil,
		"tags":                       []string{},
	})
	principal := "/servicePrincipals/" + created["id"].(string)
	typed := object{"@odata.type": "#microsoft.graph.servicePrincipal", "description": nil}
	p.update(principal, typed)
	p.expect("owners", p.ids(principal+"/owners", query{}), []string{p.objectID})
	owner := principal + "/owners/" + p.objectID + "/$ref"
	p.send(p.stable, http.MethodDelete, owner, nil, query{}, 204)
	p.expect("owners", p.ids(principal+"/owners", query{}), []string{})
	p.refer(principal+"/owners", p.objectID)
	p.wait(principal, 200)
	found := p.get(principal, query{})
	p.expect("description", found["description"], nil)
	p.expect("enabled", found["accountEnabled"], true)
	for _, each := range []string{
		"alternativeNames", "appOwnerOrganizationId", "appRoleAssignmentRequired", "appRoles",
		"displayName", "homepage", "loginUrl", "logoutUrl", "notes", "notificationEmailAddresses",
		"oauth2PermissionScopes", "preferredSingleSignOnMode", "replyUrls",
		"samlSingleSignOnSettings", "servicePrincipalNames", "servicePrincipalType",
		"signInAudience", "tags",
	} {
		if _, there := found[each]; !there {
			t.Errorf("%s is not in %v", each, found)
		}
	}
	saml := p.send(p.beta, http.MethodGet, principal, nil, query{Select: []string{"samlMetadataUrl"}}, 200)
	p.expect("metadata", saml["samlMetadataUrl"], nil)
	p.expect("found", p.ids("/servicePrincipals", query{Filter: "displayName eq 'Back end'"}), []any{created["id"]})

	grant := p.create("/oauth2PermissionGrants", object{
		"@odata.type": "#microsoft.graph.oAuth2PermissionGrant",
		"clientId":    created["id"], "consentType": "AllPrincipals", "principalId": nil,
		"resourceId": graphPrincipal(p), "scope": "User.Read",
	})
	p.destroy("/oauth2PermissionGrants/" + grant["id"].(string))
	p.destroy(principal)
	p.destroy(application)
}

// graphPrincipal finds the service principal of the API itself, as a data source does.
func graphPrincipal(p *provider) any {
	const graph = "00000003-0000-0000-c000-000000000000"
	return p.ids("/servicePrincipals", query{Filter: "appId eq '" + graph + "'"})[0]
}
