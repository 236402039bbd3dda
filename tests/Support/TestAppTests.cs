using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace PatientResponse.Tests.Support;

public class TestAppTests
{
    [Fact]
    public async Task What_blocks_while_it_answers_fails_as_on_a_port()
    {
        await using var app = new TestApp { Replace = services => services.AddSingleton<IStartupFilter, Blocking>() };
        await Assert.ThrowsAsync<InvalidOperationException>(() => app.NewBrowser().GetAsync("/"));
    }

    private sealed class Blocking : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app => app.Run(context =>
        {
            context.Response.Body.WriteByte(1);
            return Task.CompletedTask;
        });
    }
}
