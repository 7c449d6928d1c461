// What the stock provider for this directory does, sent through the vendor's own Go SDK: it reads
// the cloud's metadata, gets the token, makes each request, repeats it and follows pages.
package witness

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-azure-sdk/sdk/auth"
	"github.com/hashicorp/go-azure-sdk/sdk/claims"
	"github.com/hashicorp/go-azure-sdk/sdk/client"
	"github.com/hashicorp/go-azure-sdk/sdk/client/msgraph"
	"github.com/hashicorp/go-azure-sdk/sdk/environments"
	"github.com/hashicorp/go-azure-sdk/sdk/odata"
)

const (
	jsonBody = "application/json; charset=utf-8"
	patience = 60 * time.Second
	steady   = 5 // how often the provider wants to see the same answer before it goes on
)

type object = map[string]any

// dev is what the server wrote into dev.json.
type dev struct {
	Origin       string `json:"origin"`
	TenantID     string `json:"tenant_id"`
	TenantDomain string `json:"tenant_domain"`
	Admin        struct {
		ClientID     string `json:"client_id"`
		ClientSecret string `json:"client_secret"`
	} `json:"admin"`
}

// provider is what the plugin keeps for all its resources.
type provider struct {
	*testing.T
	dev      dev
	ctx      context.Context
	stable   *msgraph.Client
	beta     *msgraph.Client
	objectID string
}

// query is sent as the SDK's generated clients do it.
type query odata.Query

func (q query) ToHeaders() *client.Headers   { return nil }
func (q query) ToOData() *odata.Query        { o := odata.Query(q); return &o }
func (q query) ToQuery() *client.QueryParams { return nil }

var full = query{Metadata: odata.MetadataFull}

func configure(t *testing.T) *provider {
	t.Helper()
	text, err := os.ReadFile(os.Getenv("DEV_JSON"))
	must(t, err)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	p := &provider{T: t, ctx: ctx}
	must(t, json.Unmarshal(text, &p.dev))

	cloud, err := environments.FromEndpoint(ctx, p.dev.Origin)
	must(t, err)
	credentials := auth.Credentials{
		Environment:                           *cloud,
		TenantID:                              p.dev.TenantID,
		ClientID:                              p.dev.Admin.ClientID,
		ClientSecret:                          p.dev.Admin.ClientSecret,
		EnableAuthenticatingUsingClientSecret: true,
	}
	authorizer, err := auth.NewAuthorizerFromCredentials(ctx, credentials, cloud.MicrosoftGraph)
	must(t, err)
	token, err := authorizer.Token(ctx, &http.Request{})
	must(t, err)
	said, err := claims.ParseClaims(token)
	must(t, err)
	if said.ObjectId == "" || said.TenantId != p.dev.TenantID || said.AppId != p.dev.Admin.ClientID {
		t.Fatalf("the token says %+v", said)
	}
	p.objectID = said.ObjectId
	p.stable, err = msgraph.NewClient(cloud.MicrosoftGraph, "witness", msgraph.VersionOnePointZero)
	must(t, err)
	p.beta, err = msgraph.NewClient(cloud.MicrosoftGraph, "witness", msgraph.VersionBeta)
	must(t, err)
	p.stable.SetAuthorizer(authorizer)
	p.beta.SetAuthorizer(authorizer)
	return p
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// ask makes a request and returns its answer, whether or not its status is the expected one.
func (p *provider) ask(
	of *msgraph.Client, method, path string, body any, options query, expected ...int,
) (*client.Response, error) {
	p.Helper()
	request, err := of.NewRequest(p.ctx, client.RequestOptions{
		ContentType:         jsonBody,
		ExpectedStatusCodes: expected,
		HttpMethod:          method,
		OptionsObject:       options,
		Path:                path,
	})
	must(p.T, err)
	if body != nil {
		must(p.T, request.Marshal(body))
	}
	p.note(request)
	if method == http.MethodGet && options.isList(path) {
		return request.ExecutePaged(p.ctx)
	}
	return request.Execute(p.ctx)
}

// note prints a request as it will be sent, for whoever compares it with the recorded ones.
func (p *provider) note(request *client.Request) {
	p.Helper()
	sent := []byte{}
	if request.Body != nil {
		var err error
		sent, err = io.ReadAll(request.Body)
		must(p.T, err)
		request.Body = io.NopCloser(bytes.NewReader(sent))
	}
	fmt.Printf("SENT %s %s %s\n", request.Method, request.URL.RequestURI(), sent)
}

func (q query) isList(path string) bool {
	return q.Filter != "" || q.Top != 0 || strings.HasSuffix(path, "s") && strings.Count(path, "/")%2 == 1
}

func (p *provider) send(
	of *msgraph.Client, method, path string, body any, options query, expected ...int,
) object {
	p.Helper()
	answer, err := p.ask(of, method, path, body, options, expected...)
	if err != nil {
		p.Fatalf("%s %s: %v", method, path, err)
	}
	if answer.StatusCode == http.StatusNoContent {
		return nil
	}
	found := object{}
	must(p.T, answer.Unmarshal(&found))
	return found
}

func (p *provider) get(path string, options query) object {
	p.Helper()
	return p.send(p.stable, http.MethodGet, path, nil, options, 200)
}

func (p *provider) create(path string, body any) object {
	p.Helper()
	return p.send(p.stable, http.MethodPost, path, body, query{}, 201)
}

func (p *provider) update(path string, body any) {
	p.Helper()
	p.send(p.stable, http.MethodPatch, path, body, query{}, 200, 202, 204)
}

func (p *provider) refer(path, id string) {
	p.Helper()
	p.send(p.stable, http.MethodPost, path+"/$ref", p.reference(id), query{}, 204)
}

func (p *provider) list(path string, options query) []any {
	p.Helper()
	return p.get(path, options)["value"].([]any)
}

func (p *provider) ids(path string, options query) []string {
	p.Helper()
	found := []string{}
	for _, each := range p.list(path, options) {
		found = append(found, each.(object)["id"].(string))
	}
	return found
}

// wait polls until the same answer came often enough, as after a creation or a deletion.
func (p *provider) wait(path string, status int) {
	p.Helper()
	for range steady {
		answer, _ := p.ask(p.stable, http.MethodGet, path, nil, query{}, status)
		if answer.StatusCode != status {
			p.Fatalf("GET %s: %d in place of %d", path, answer.StatusCode, status)
		}
		if status == 404 && (answer.OData == nil || answer.OData.Error == nil) {
			p.Fatalf("GET %s: the SDK finds no error in the answer", path)
		}
	}
}

func (p *provider) destroy(path string) {
	p.Helper()
	p.send(p.stable, http.MethodDelete, path, nil, query{}, 204)
	p.wait(path, 404)
}

func (p *provider) reference(id string) object {
	return object{"@odata.id": p.address(id)}
}

func (p *provider) address(id string) string {
	return fmt.Sprintf("%s/directoryObjects/%s", p.stable.BaseUri, id)
}

func (p *provider) expect(what string, found, wanted any) {
	p.Helper()
	if fmt.Sprint(found) != fmt.Sprint(wanted) {
		p.Fatalf("%s is %v in place of %v", what, found, wanted)
	}
}

// refused sends what cannot be done and returns the error the SDK makes of the answer.
func (p *provider) refused(method, path string, body any, status int) *odata.Error {
	p.Helper()
	answer, err := p.ask(p.stable, method, path, body, query{}, 200, 201, 204)
	if err == nil || answer.StatusCode != status || answer.OData.Error == nil {
		p.Fatalf("%s %s: %v in place of %d", method, path, err, status)
	}
	return answer.OData.Error
}
